from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.events import Draft, Kind, Mark, Role, Totals, Usage, Visibility
from scrubber.core.tally import Tally
from tests.store.making import call, message, result


def enter(*drafts: Draft) -> tuple[list[Draft], Totals]:
    tally = Tally()
    return [tally.enter(draft) for draft in drafts], tally.totals


def test_a_result_learns_its_calls_place_and_tool():
    (_, _, answer), totals = enter(message("a"), call("1"), result("1"))
    assert (answer.ref, answer.name) == (1, "Bash")
    assert answer.marks & Mark.CLOSES_CALL
    assert totals.open_calls == 0


def test_a_second_result_is_no_orphan_and_closes_nothing():
    (_, _, second), totals = enter(call("1"), result("1"), result("1"))
    assert not second.marks & (Mark.ORPHAN | Mark.CLOSES_CALL)
    assert second.ref == 0
    assert totals.open_calls == 0


def test_an_answer_to_no_call_is_an_orphan():
    (answer, nameless), totals = enter(result("1"), result(""))
    assert answer.marks & nameless.marks & Mark.ORPHAN
    assert totals.open_calls == 0


def test_a_duplicate_of_a_call_opens_nothing():
    (_, copy), totals = enter(call("1"), call("2", marks=Mark.DUPLICATE))
    assert not copy.marks & Mark.OPENS_CALL
    assert totals.open_calls == 1


def test_an_id_may_be_used_again_once_it_is_answered():
    _, totals = enter(call("1"), result("1"), call("1"))
    assert totals.open_calls == 1


def test_an_expected_call_lies_in_front_of_the_log():
    tally = Tally()
    tally.expect("1", "Read")
    answer = tally.enter(result("1"))
    assert (answer.name, answer.ref) == ("Read", None)
    assert tally.totals.open_calls == -1


def test_the_blocks_of_a_message_open_it_once():
    blocks = [Draft(Kind.MESSAGE, "", Role.ASSISTANT, group_id=group) for group in "aabab"]
    entered, totals = enter(*blocks)
    assert [bool(d.marks & Mark.OPENS_MESSAGE) for d in entered] == [1, 0, 1, 0, 0]
    assert totals.messages == 2


def test_what_the_model_does_not_see_opens_no_message():
    unseen = [
        Draft(Kind.MESSAGE, "", Role.USER, Visibility.HIDDEN),
        Draft(Kind.MESSAGE, "", Role.NONE),
        Draft(Kind.NOTICE, "", Role.USER),
    ]
    assert enter(*unseen)[1].messages == 0


steps = st.lists(
    st.one_of(
        st.builds(call, st.sampled_from("abc")),
        st.builds(result, st.sampled_from("abcd")),
        st.builds(
            lambda text, error, tokens: message(
                text,
                marks=Mark.ERROR if error else Mark.NONE,
                usage=Usage(output=tokens, cost_micros=tokens or None),
            ),
            st.text(max_size=3),
            st.booleans(),
            st.integers(0, 9),
        ),
    ),
    max_size=30,
)


@given(steps)
def test_the_running_account_is_the_sum_of_the_marks(drafts):
    """Counting again what has its marks already, as a restored snapshot has, gives the same."""
    first, again = Tally(), Tally()
    waiting: set[str | None] = set()
    for draft in drafts:
        first.enter(draft)
        again.count(draft)
        if draft.kind is Kind.TOOL_CALL:
            waiting.add(draft.call_id)
        elif draft.kind is Kind.TOOL_RESULT:
            waiting.discard(draft.call_id)
        assert first.totals == again.totals
        assert first.totals.open_calls == len(waiting)
    assert first.totals.events == len(drafts)
    assert first.totals.errors == sum(bool(d.marks & Mark.ERROR) for d in drafts)
    assert first.totals.output == sum(d.usage.output for d in drafts if d.usage)
