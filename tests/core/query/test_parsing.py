from __future__ import annotations

from datetime import datetime

import pytest

from scrubber.core.events import Kind, Origin, Role
from scrubber.core.query import Condition, Field, Phrase, Query, QueryError, parse


def ms(*date: int) -> int:
    return int(datetime(*date).timestamp() * 1000)  # type: ignore[arg-type]


def test_words_begin_others_from_three_letters_on():
    assert parse("redir py").phrases == (Phrase(("redir",), True), Phrase(("py",)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"not Found"', ("not", "found")),
        ("auth.py", ("auth", "py")),
        ("user_id", ("user", "id")),
        ("http://x", ("http", "x")),
        ("std::map", ("std", "map")),
        ("localhost:80", ("localhost", "80")),
        ("世界", ("世", "界")),
        ("Ñandú", ("nandu",)),
    ],
)
def test_what_stands_together_is_a_phrase(text, words):
    (phrase,) = parse(text).phrases
    assert phrase.words == words


def test_quoted_words_are_whole():
    assert not parse('"redirect"').phrases[0].is_open


def test_conditions_take_several_values_and_their_opposite():
    query = parse("-role:user,System kind:tool-call origin:edited tool:Bash,mcp__* is:error")
    assert query.conditions == (
        Condition(Field.ROLE, (Role.USER, Role.SYSTEM), negated=True),
        Condition(Field.KIND, (Kind.TOOL_CALL,)),
        Condition(Field.ORIGIN, (Origin.EDITED,)),
        Condition(Field.TOOL, ("bash", "mcp__*")),
        Condition(Field.IS, ("error",)),
    )


def test_values_in_quotes_keep_their_spaces_and_commas():
    (condition,) = parse('session:"a, b",c').conditions
    assert condition.values == ("a, b", "c")


def test_dates_are_their_beginning():
    query = parse("after:2026-03 before:2026-03-05T09:30")
    assert [c.values for c in query.conditions] == [(ms(2026, 3, 1),), (ms(2026, 3, 5, 9, 30),)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05T09:30:00.123Z",
        "2026-03-05t09:30:00.123456789z",
        "2026-03-05T11:30:00.123+02:00",
        "2026-03-05T04:00:00.1239-0530",
        '"2026-03-05 09:30:00.123+00:00"',
        '"2026-03-05 09:30:00.123 UTC"',
        "1772703000123",
    ],
)
def test_a_moment_as_transcripts_and_exports_print_it(text):
    (condition,) = parse(f"after:{text}").conditions
    assert condition.values == (1_772_703_000_123,)


def test_a_fraction_without_a_zone_is_local_time():
    (condition,) = parse("before:2026-03-05T09:30:07.5").conditions
    assert condition.values == (ms(2026, 3, 5, 9, 30, 7, 500_000),)


@pytest.mark.parametrize("text", ["2026-03-05T09:30X", "2026-13-01", "17727030001"])
def test_what_is_no_moment_is_pointed_at(text):
    with pytest.raises(QueryError, match="is no time"):
        parse(f"after:{text}")


def test_how_long_ago():
    (condition,) = parse("after:2d").conditions
    now = datetime.now().timestamp() * 1000
    assert abs(now - 2 * 86_400_000 - int(condition.values[0])) < 5_000


def test_a_minus_turns_words_round():
    query = parse('fix -error -"not found"')
    assert query.wanted == (Phrase(("fix",), True),)
    assert query.unwanted == (Phrase(("error",), True, True), Phrase(("not", "found"), False, True))


@pytest.mark.parametrize("text", ["", "  ", "-", "...", '""'])
def test_nothing_asked_is_an_empty_query(text):
    assert parse(text) == Query()
    assert not parse(text)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("fix kind:tool", "tool", "kind:tool is not known; use message, reasoning"),
        ("knd:message", "knd:", "there is no knd: to ask for"),
        ("is:", "is:", "what is it? error"),
        ("a before:soon", "soon", "soon is no time"),
        ("role:user,bot", "bot", "role:bot is not known"),
        ('say "never', '"', "is not closed"),
        (" ".join(f"w{n}" for n in range(101)), "w100", "more than 100 words"),
        ("in:here", "here", "use root, branch, subagent"),
    ],
)
def test_what_makes_no_sense_is_pointed_at(text, place, said):
    with pytest.raises(QueryError, match=f"at character {text.rindex(place) + 1}: ") as caught:
        parse(text)
    assert text[caught.value.start : caught.value.stop] == place
    assert said in str(caught.value)
