"""harn's compaction: boundaries, summaries, headers; and that nothing is lost by it."""

from __future__ import annotations

from typing import Any

import pytest

from scrubber.core.errors import BadArgumentError, ConflictError
from scrubber.core.events import Kind, Origin, Visibility
from scrubber.sessions.summaries import split_of, tokens
from tests.live.scripted import Scripted, done, says
from tests.sessions.talking import faults, message, say, words

ASSISTANT: Any = {"role": "assistant", "content": "fine"}
TOOL: Any = {"role": "tool", "tool_call_id": "c", "content": "out"}
CALL: Any = {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "ls"}}]}
LONG = "\n".join(f"line {number} of a long output" for number in range(40))


def roles(letters):
    told = {"u": message("q"), "a": ASSISTANT, "t": TOOL, "c": CALL}
    return [told[letter] for letter in letters]


@pytest.mark.parametrize(
    ("letters", "keep", "split"),
    [
        ("uauaua", 6, 0),
        ("uauaua", 9, 0),
        ("uauaua", 2, 4),  # lands on a message of the user's
        ("uauaua", 3, 2),  # moves back to one
        ("aaaaaa", 2, 4),  # there is none: the naive cut
        ("uaaaaa", 2, 4),  # only the very first: the naive cut too
        ("uauauct", 2, 2),  # what is kept has a call: back to the message before
        ("uact", 1, 3),  # … if there is one
        ("uauct", 0, 2),
        ("uauaua", 0, 4),
    ],
)
def test_where_the_cut_lies(letters, keep, split):
    assert split_of(roles(letters), keep) == split


def test_a_session_within_the_limit_stays_as_it_is(store, runtime):
    session = say(runtime, *roles("uaua" * 3))
    before = store.session(session).revision
    assert runtime.compact(session) == 12
    assert store.session(session).revision == before


def test_one_message_stands_for_the_older_ones_and_they_stay(store, runtime):
    session = say(runtime, "first", ASSISTANT, LONG, "short", "new", ASSISTANT)
    assert runtime.compact(session, keep_last=2) == 3
    summary, *kept = runtime.messages(session)
    assert kept == [message("new"), ASSISTANT]
    assert summary["role"] == "user"
    assert summary["content"].splitlines() == [
        "[auto-compacted 4 older messages via observation masking]",
        "user: first",
        "assistant: fine",
        f"user: line 0 of a long output [40 lines, {len(LONG)} chars masked]",
        "user: short",
    ]
    assert runtime.snapshot(session)["summary"] == summary["content"]
    noted, stands = [e for e in store.events(session) if e.kind is Kind.COMPACTION]
    assert (noted.visibility, stands.visibility) == (Visibility.HIDDEN, Visibility.IN_CONTEXT)
    assert store.content(noted).detail["archived_messages"] == 4
    assert store.session(session).events == 8
    before = runtime.fork_at_event(session, 4)
    assert words(runtime, before) == ["first", "fine", LONG, "short"]
    assert faults(store) == []


def test_it_goes_on_behind_a_summary_and_is_compacted_again(store, runtime):
    session = say(runtime, *(f"m{n}" for n in range(6)))
    assert runtime.compact(session, keep_last=2) == 3
    for number in range(6, 9):
        runtime.inject(session, message(f"m{number}"))
    assert runtime.compact(session, {"keep_last": 2}) == 3
    first, *kept = words(runtime, session)
    assert kept == ["m7", "m8"]
    assert "[auto-compacted 4 older" in first
    assert "masked]" not in first  # the former summary has few lines
    runtime.fork_at(session, 1, "f")
    assert words(runtime, "f") == [first]
    assert runtime.trim(session, 1) == 1
    assert words(runtime, session) == ["m8"]
    assert faults(store) == []


def test_keeping_none_leaves_the_summary_alone(runtime):
    session = say(runtime, ASSISTANT, ASSISTANT)
    assert runtime.compact(session, keep_last=0) == 1
    assert "2 older messages" in words(runtime, session)[0]
    runtime.inject(session, message("next"))
    assert words(runtime, session)[1:] == ["next"]


def test_system_prompts_are_archived_too(runtime):
    session = say(runtime, {"role": "system", "content": "be kind"}, "a", "b", "c")
    runtime.compact(session, keep_last=1)
    assert [m["role"] for m in runtime.messages(session)] == ["user", "user"]
    assert "system: be kind" in words(runtime, session)[0]


def test_the_result_may_be_longer_than_asked_for(runtime):
    session = say(runtime, *roles("uauaaaaa"))
    assert runtime.compact(session, keep_last=2) == 7


def test_truncate_shows_beginnings_of_the_first_15(runtime):
    session = say(runtime, *(f"{n} " + "x" * 600 for n in range(20)))
    runtime.compact(session, compact_strategy="truncate", keep_last=2)
    lines = words(runtime, session)[0].splitlines()
    assert lines[0] == "[auto-compacted 18 older messages via truncate strategy]"
    assert (len(lines), lines[-1]) == (17, "... and 3 more")
    assert lines[1] == "user: " + ("0 " + "x" * 600)[:500]


def test_masking_keeps_what_the_model_said_and_few_long_lines(runtime):
    three = "\n".join("y" * 400 for _ in range(3))
    session = say(runtime, {"role": "assistant", "content": LONG}, three, LONG, "end")
    runtime.compact(session, keep_last=1)
    text = words(runtime, session)[0]
    assert f"assistant: {LONG}" in text
    assert f"user: {three}" in text
    assert f"user: {LONG}" not in text


def test_callbacks_say_what_stands_for_a_message(runtime):
    session = say(runtime, "secret", "plain", LONG, "end")
    runtime.compact(
        session,
        keep_last=1,
        mask_callback=lambda m: "***" if m["content"] == "secret" else None,
        compress_callback=lambda text: f"({len(text)})",
        tool_output_max_chars=600,
    )
    assert words(runtime, session)[0].splitlines()[1:] == [
        "user: ***",
        "user: plain",
        f"user: ({len(LONG)})",
    ]


def test_a_custom_compactor_is_given_the_archived_messages(runtime):
    seen: list[Any] = []

    def compactor(archived):
        seen.extend(archived)
        return "all of it"

    session = say(runtime, "a", "b", "c")
    how: Any = {"compact_strategy": "custom", "custom_compactor": compactor}
    assert runtime.compact(session, how, keep_last=1) == 2
    assert seen == [message("a"), message("b")]
    assert words(runtime, session) == ["all of it", "c"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "`opts` must be a dict or nil"),
        ({"keep": 3}, "unknown option key 'keep': use one of keep_last, token_threshold, tool_out"),
        ({"compact_strategy": "magic"}, "strategy 'magic': use one of llm, truncate, custom, obs"),
        ({"hard_limit_strategy": "magic"}, "unknown compact_strategy 'magic'"),
        ({"keep_last": -1}, "`keep_last` must be"),
        ({"keep_last": 1, "compact_strategy": "llm"}, "LLM transcript compaction requires active"),
        ({"keep_last": 1, "compact_strategy": "custom"}, "needs a custom_compactor"),
        (
            {"keep_last": 1, "compact_strategy": "custom", "custom_compactor": len},
            "custom_compactor must give a string, not int",
        ),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(runtime, options, words):
    session = say(runtime, "a", "b", "c")
    with pytest.raises(BadArgumentError, match=words):
        runtime.compact(session, options)
    assert runtime.length(session) == 3


def test_the_defaults_are_harns():
    from scrubber.sessions.summaries import Options

    options = Options()
    assert (options.keep_last, options.token_threshold) == (12, 48_000)
    assert (options.tool_output_max_chars, options.compact_strategy) == (16_000, "observation_mask")
    assert (options.hard_limit_tokens, options.hard_limit_strategy) == (None, "llm")


def test_tokens_are_a_quarter_of_the_characters_of_plain_contents():
    assert tokens([message("x" * 40), {"role": "user", "content": [{"text": "y" * 400}]}]) == 10


def test_the_threshold_is_not_looked_at(runtime):
    session = say(runtime, "a", "b", "c")
    assert runtime.compact(session, keep_last=1, token_threshold=10**9) == 2


def test_a_summary_that_is_still_too_long_is_made_the_hard_way(runtime):
    session = say(runtime, *("x" * 400 for _ in range(30)), "end")
    how: Any = {"keep_last": 1, "hard_limit_tokens": 2000, "hard_limit_strategy": "truncate"}
    runtime.compact(session, how)
    assert "via truncate strategy" in words(runtime, session)[0]


def test_a_model_makes_the_summary_and_is_told_the_older_messages_only(store, runtime):
    provider = Scripted([*says("they said hello"), *done(input=7, output=3)])
    session = say(runtime, "hello", ASSISTANT, "secret")
    assert runtime.compact(session, keep_last=1, compact_strategy="llm", provider=provider) == 2
    text = words(runtime, session)[0]
    assert text == "[auto-compacted 2 older messages]\nthey said hello"
    asked = [m.items[0][1].text for m in provider.requests[0].messages]
    assert asked[:2] == ["hello", "fine"]
    assert "secret" not in asked
    _, made = [e for e in store.events(session) if e.kind is Kind.COMPACTION]
    assert made.origin is Origin.RESAMPLED
    assert store.totals(session).tokens == 10
    assert store.store.holder(session) is None
    assert faults(store) == []


def test_who_changes_what_is_being_archived_is_told_apart(runtime):
    session = say(runtime, "a", "b", "c")

    def meanwhile(archived):
        runtime.reset(session)
        return "too late"

    with pytest.raises(ConflictError, match="was changed while it was being compacted"):
        runtime.compact(session, keep_last=1, compact_strategy="custom", custom_compactor=meanwhile)
    assert runtime.length(session) == 0


def test_who_adds_meanwhile_is_kept(runtime):
    session = say(runtime, "a", "b", "c")

    def meanwhile(archived):
        runtime.inject(session, message("d"))
        return "sum"

    runtime.compact(session, keep_last=1, compact_strategy="custom", custom_compactor=meanwhile)
    assert words(runtime, session) == ["sum", "c", "d"]


def test_subscribers_are_told_in_harns_words(runtime):
    heard: list[Any] = []
    session = say(runtime, "a" * 40, "b", "c" * 8)
    runtime.subscribe(session, heard.append)
    runtime.compact(session, keep_last=1, compact_strategy="custom", custom_compactor=lambda m: "s")
    assert heard == [
        {
            "type": "transcript_compacted",
            "session_id": session,
            "mode": "manual",
            "strategy": "custom",
            "archived_messages": 2,
            "estimated_tokens_before": 12,
            "estimated_tokens_after": 2,
            "snapshot_asset_id": None,
        }
    ]


def test_an_imported_session_is_compacted_in_a_fork_and_stays(store, runtime, tmp_path):
    from tests.bench import corpus

    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(corpus.lines("compaction", 200, 0.05)))
    (result,) = store.import_paths([path])
    source = str(result.session)
    before = runtime.length(source)
    fork = runtime.fork(source)
    after = runtime.compact(fork)
    assert 13 <= after < before == runtime.length(source)
    assert runtime.messages(fork)[1:] == runtime.messages(source)[before - after + 1 :]
    assert faults(store) == []


def test_a_summary_can_be_summed_up_alone(store, runtime):
    """Two summaries side by side: the later one stands for the earlier."""
    session = say(runtime, "a", "b", "c")
    assert runtime.compact(session, keep_last=1) == 2
    former = words(runtime, session)[0]
    assert runtime.compact(session, keep_last=1) == 2
    assert words(runtime, session)[0].splitlines()[1] == f"user: {former}".splitlines()[0]
    assert words(runtime, runtime.fork_at(session, 1)) == words(runtime, session)[:1]
    assert faults(store) == []


@pytest.mark.parametrize("name", ["keep_last", "tool_output_max_chars", "hard_limit_tokens"])
@pytest.mark.parametrize("value", [-1, "8", True, 1.5])
def test_options_that_are_numbers_are_counts(runtime, name, value):
    session = say(runtime, "one", "two")
    with pytest.raises(BadArgumentError, match=f"`{name}` must be an int >= 0"):
        runtime.compact(session, {"keep_last": 0, name: value})
    assert words(runtime, session) == ["one", "two"]
