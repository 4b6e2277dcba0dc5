from __future__ import annotations

import pytest

from scrubber.core.events import Kind, Role
from scrubber.core.policy import Policy
from scrubber.core.running import Ending
from scrubber.live import context, lint
from scrubber.live.run import Plan
from tests.live.scripted import Scripted, calls, done, says


def codes(bench, session, provider=None, **how):
    found = bench.store.store.session(session)
    from scrubber.transfer.exporting import StoredTranscript

    transcript = StoredTranscript(bench.store.store, found, found.events)
    built = context.build(transcript, Plan().params, ())
    provider = provider or Scripted()
    return {f.code: f for f in lint.findings(built, how.pop("open", []), Policy(), provider, **how)}


def test_what_is_wrong_with_a_real_conversation_is_told(bench):
    found = codes(bench, bench.fork(132))
    assert set(found) >= {"missing_system", "abandoned_call", "unknown_tool"}
    assert found["abandoned_call"].is_refused
    assert "Bash" in found["unknown_tool"].text


def test_open_calls_say_who_will_answer_them(bench, short):
    fork = bench.store.fork(short, 3).session.id
    found = codes(bench, fork, open=bench.store.store.open_calls(fork))
    assert found["open_call"].repair == "answer by the policy: recorded, then ask"


def test_an_edit_under_a_seal_is_told(bench):
    sealed = next(
        e for e in bench.store.events(bench.sample) if e.kind is Kind.MESSAGE and e.index == 25
    )
    from scrubber.transfer.editing import Edit

    fork = bench.store.fork_edited(bench.sample, sealed.index, Edit("Something else")).session.id
    assert codes(bench, fork)["broken_seal"].repair == "leave the reasoning out"
    assert "broken_seal" not in codes(bench, bench.fork(26))


def test_what_is_refused_and_not_agreed_to_is_not_sent(bench):
    provider = Scripted()
    outcome = bench.run(bench.fork(132), provider, Plan(repairs=frozenset()))
    assert outcome.ending is Ending.FAILED
    assert outcome.reason.startswith("Nothing was sent: 1 call further up got no result.")
    assert outcome.reason.endswith("It can be repaired: answer as interrupted (abandoned_call).")
    assert provider.requests == []


def test_what_is_repaired_is_told(bench):
    outcome = bench.run(bench.fork(132), Scripted([*says("ok"), *done()]))
    assert outcome.ending is Ending.FINISHED
    assert "1 call further up got no result: answer as interrupted" in outcome.notes


def test_a_conversation_begins_with_the_user(bench, short):
    fork = bench.store.fork(short, 0).session.id
    bench.store.store.share(fork, short, 4, 5)
    provider = Scripted([*says("ok"), *done()])
    bench.run(fork, provider)
    assert [m.role for m in provider.requests[0].messages] == [Role.USER, Role.ASSISTANT]
    first = bench.store.events(fork)[0]
    assert (first.origin.label, first.text) == ("synthetic", "[The conversation begins here]")


def test_an_empty_conversation_cannot_be_sent(bench, short):
    fork = bench.store.fork(short, 1).session.id
    outcome = bench.run(fork, Scripted())
    assert outcome.reason.startswith("Nothing was sent: nothing has been said yet.")


def test_a_system_prompt_can_be_given(bench):
    provider = Scripted([*says("ok"), *done()])
    bench.run(bench.fork(20), provider, Plan(system="Be kind."))
    first = provider.requests[0].messages[0]
    assert (first.role, first.items[0][1].text) == (Role.SYSTEM, "Be kind.")


@pytest.fixture
def long(bench, short):
    """A branch of forty messages, each a question or an answer."""
    fork = bench.store.fork(short, 7).session.id
    from scrubber.core.content import text_content

    for number in range(18):
        said = Plan(message=text_content(f"Question {number}?"), compact_at=None)
        bench.run(fork, Scripted([*says(f"Answer {number}."), *done()]), said)
    return fork


def test_a_full_window_is_compacted_and_nothing_is_lost(bench, long):
    before = bench.store.session(long).events
    provider = Scripted(
        [*says("They asked eighteen questions."), *done()], [*says("ok"), *done()], window=500
    )
    plan = Plan(message=None)
    outcome = bench.run(long, provider, plan)
    assert outcome.ending is Ending.FINISHED
    asked, sent = provider.requests
    assert asked.messages[-1].items[0][1].text.startswith("Summarise the conversation")
    said = [m.items[0][1].text for m in sent.messages]
    assert said[0] == "Be brief."
    assert said[1].startswith("[Context Summary:")
    assert said[1].endswith("They asked eighteen questions.")
    assert said[2].startswith("Question")
    assert 20 <= len(said) <= 24
    assert bench.store.session(long).events > before
    assert any("a summary stands for" in note for note in outcome.notes)
    assert bench.faults() == []


def test_where_the_model_cannot_summarise_the_beginnings_stand(bench, long):
    from scrubber.live.errors import ProviderError

    provider = Scripted([ProviderError("no")], [*says("ok"), *done()], window=500)
    bench.run(long, provider)
    text = provider.requests[-1].messages[1].items[0][1].text
    assert "user: What time?" in text
    assert "... and" in text


def test_a_call_and_its_result_stay_together(bench, short):
    fork = bench.store.fork(short, 2).session.id
    replies = [[*calls("clock", f"c{n}", zone="UTC"), *done()] for n in range(20)]
    from scrubber.core.policy import parse_policy

    plan = Plan(policy=parse_policy("static"), compact_at=None)
    bench.run(fork, Scripted(*replies, [*says("done"), *done()]), plan)
    provider = Scripted([*says("summary"), *done()], [*says("ok"), *done()], window=500)
    bench.run(fork, provider, Plan())
    roles = [m.role for m in provider.requests[-1].messages]
    assert roles[1:3] in ([Role.USER, Role.ASSISTANT], [Role.USER, Role.USER])
    assert bench.faults() == []


def picture(bench, short):
    """A branch whose user shows a picture."""
    from scrubber.core.content import Content, Image, Text

    fork = bench.store.fork(short, 2).session.id
    shown = Content((Text("What is this?"), Image("image/png", "aGk=")))
    return fork, Plan(message=shown)


def test_a_model_that_takes_no_pictures_gets_notes(bench, short):
    fork, plan = picture(bench, short)
    provider = Scripted([*says("A cat."), *done()])
    provider.sees = False
    outcome = bench.run(fork, provider, plan)
    sent = provider.requests[0].messages[-1].items[0][1]
    assert sent.text == "What is this?\n[A picture (image/png) is left out here]"
    assert "1 picture, and the model takes none: put a note in the place of each" in outcome.notes
    assert bench.store.content(bench.store.events(fork)[2]).images


@pytest.mark.parametrize("sees", [True, None])
def test_other_models_get_the_pictures(bench, short, sees):
    fork, plan = picture(bench, short)
    provider = Scripted([*says("A cat."), *done()])
    provider.sees = sees
    bench.run(fork, provider, plan)
    assert provider.requests[0].messages[-1].items[0][1].images
