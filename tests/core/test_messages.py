from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.core.content import Content, text_content
from scrubber.core.events import Event, Kind, Mark, Origin, Role, Visibility
from scrubber.core.grouping import LOOK_AHEAD
from scrubber.core.messages import Message, messages
from scrubber.core.survey import survey_of

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, MODEL, TOOL, SYSTEM = Role.USER, Role.ASSISTANT, Role.TOOL, Role.SYSTEM


def event(index, text, role=USER, kind=Kind.MESSAGE, **more):
    facts = {
        "log": 1, "seq": index, "source": 1, "record": index, "part": 0,
        "visibility": Visibility.IN_CONTEXT, "origin": Origin.RECORDED, "marks": Mark.NONE,
        "ts": None, "name": None, "call_id": None, "group_id": None, "ref": None, "size": 0,
    }  # fmt: skip
    return Event(index=index, kind=kind, role=role, text=text, **{**facts, **more})


def call(index, text, group):
    return event(index, text, MODEL, Kind.TOOL_CALL, group_id=group, call_id=text)


def result(index, text):
    return event(index, text, TOOL, Kind.TOOL_RESULT, call_id=text)


def rewind(index, ref, **more):
    return event(index, "", Role.NONE, Kind.REWIND, visibility=Visibility.UI_ONLY, ref=ref, **more)


class Told:
    """A transcript of given events; notes whose content is asked for."""

    def __init__(self, events: list[Event]) -> None:
        self._events = events
        self.asked: list[int] = []

    def events(self) -> Iterator[Event]:
        return iter(self._events)

    def content(self, event: Event) -> Content:
        self.asked.append(event.index)
        return text_content(event.text)


def told(found: list[Message]) -> list[list[str]]:
    return [[content.text for _, content in message.items] for message in found]


def words(events, **how):
    return told(list(messages(Told(events), **how)))  # type: ignore[arg-type]


def test_blocks_of_one_message_belong_together():
    events = [event(0, "u"), event(1, "t", MODEL, Kind.REASONING, group_id="g")]
    events += [event(2, "m", MODEL, group_id="g"), call(3, "a", "g"), result(4, "a")]
    found = list(messages(Told(events)))  # type: ignore[arg-type]
    assert told(found) == [["u"], ["t", "m", "a"], ["a"]]
    assert [(m.role, m.start, m.stop) for m in found] == [(USER, 0, 1), (MODEL, 1, 4), (TOOL, 4, 5)]


def test_results_of_parallel_calls_follow_the_whole_message():
    events = [call(0, "a", "g"), result(1, "ra"), call(2, "b", "g"), result(3, "rb")]
    assert words([*events, event(4, "m", MODEL)]) == [["a", "b"], ["ra"], ["rb"], ["m"]]


def test_also_a_prompt_may_stand_between_the_parts_of_a_message():
    events = [call(0, "a", "g"), event(1, "u"), call(2, "b", "g"), call(3, "c", "h")]
    assert words(events) == [["a", "b"], ["u"], ["c"]]


def test_parts_are_not_looked_for_without_end():
    between = [result(n, str(n)) for n in range(1, LOOK_AHEAD + 5)]
    events = [call(0, "a", "g"), *between, call(LOOK_AHEAD + 5, "b", "g")]
    assert words(events)[0] == ["a"]
    assert words(events)[-1] == ["b"]


def test_neighbours_without_a_group_are_messages_of_their_own():
    assert words([event(0, "a", MODEL), event(1, "b", MODEL), result(2, "r"), result(3, "s")]) == [
        ["a"], ["b"], ["r"], ["s"],
    ]  # fmt: skip


def test_what_the_model_never_saw_is_left_out():
    events = [
        event(0, "u"),
        event(1, "x", MODEL, visibility=Visibility.UI_ONLY),
        event(2, "y", visibility=Visibility.HIDDEN),
        event(3, "z", Role.NONE, Kind.CONTEXT),
        event(4, "e", MODEL, Kind.ERROR),
        event(5, "c", USER, Kind.CONTEXT),
    ]
    assert words(events) == [["u"], ["c"]]


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([event(0, "a"), event(1, "b"), rewind(2, 1), event(3, "c")], ["a", "c"]),
        ([event(0, "a"), event(1, "b"), event(2, "c"), rewind(3, 0), event(4, "d")], ["d"]),
        (
            [event(0, "a"), event(1, "b"), rewind(2, 1), event(3, "c"), rewind(4, 2)],
            ["a"],
        ),
        (
            [event(0, "a"), event(1, "b"), rewind(2, 1), event(3, "c"), rewind(4, 0)],
            [],
        ),
        ([event(0, "a"), rewind(1, None), event(2, "b")], ["a", "b"]),
    ],
)
def test_a_rewind_drops_what_lies_between(events, left):
    assert words(events) == [[text] for text in left]


def test_a_rewind_finds_its_start_in_a_session_of_several_logs():
    events = [
        event(0, "a", seq=0),
        event(1, "own", log=2, seq=0),
        event(2, "b", seq=5),
        event(3, "c", seq=6),
        rewind(4, 6, seq=7),
        event(5, "d", seq=8),
    ]
    assert words(events) == [["a"], ["own"], ["b"], ["d"]]


@pytest.mark.parametrize(("ref", "left"), [(2, ["a", "d"]), (0, ["d"]), (9, None)])
def test_a_rewind_to_what_an_edit_replaced_drops_the_edit_too(ref, left):
    events = [
        event(0, "a", seq=0),
        event(1, "own", log=2, seq=0),
        event(2, "b", seq=5),
        rewind(3, ref, seq=6),
        event(4, "d", seq=7),
    ]
    assert words(events) == [[text] for text in left or ["a", "own", "b", "d"]]


def test_a_summary_is_a_message_and_drops_nothing_unless_asked_to():
    events = [event(0, "s", SYSTEM), event(1, "a"), event(2, "sum", USER, Kind.COMPACTION)]
    events.append(event(3, "b"))
    assert words(events) == [["s"], ["a"], ["sum"], ["b"]]
    assert words(events, honour_compaction=True) == [["s"], ["sum"], ["b"]]


def test_a_summary_that_was_rewound_is_not_honoured():
    events = [event(0, "a"), event(1, "sum", USER, Kind.COMPACTION), rewind(2, 1), event(3, "b")]
    assert words(events, honour_compaction=True) == [["a"], ["b"]]


def test_contents_are_read_only_as_messages_are_taken():
    transcript = Told([event(n, str(n)) for n in range(200)])
    found = messages(transcript)  # type: ignore[arg-type]
    next(found)
    assert transcript.asked == [0]


def test_origins_are_those_that_the_source_did_not_record():
    events = [event(0, "a", MODEL, group_id="g"), call(1, "b", "g")]
    edited = event(2, "c", MODEL, group_id="g", origin=Origin.EDITED)
    (message,) = messages(Told([*events, edited]))  # type: ignore[arg-type]
    assert message.origins == {Origin.EDITED}


def test_dropped_stretches_grow_together():
    survey = survey_of(Told([event(n, "") for n in range(3)]))  # type: ignore[arg-type]
    survey.drop(2, 4)
    survey.drop(6, 8)
    survey.drop(3, 9)
    assert (survey.starts, survey.stops) == ([2], [9])
    assert [survey.is_dropped(n) for n in (1, 2, 8, 9)] == [False, True, True, False]


def test_a_summary_of_several_messages_stands_for_just_what_it_says():
    kept = {"record": 9, "kind": Kind.COMPACTION, "ref": 1}
    events = [
        event(0, "s", SYSTEM),
        event(1, "d", Role.DEVELOPER),
        event(2, "a"),
        event(3, "x", MODEL),
        event(4, "a", marks=Mark.DUPLICATE, **kept),
        event(5, "d2", Role.DEVELOPER, **kept),
        event(6, "sum", **kept),
        event(7, "b"),
    ]
    assert words(events) == [["s"], ["d"], ["a"], ["x"], ["d2"], ["sum"], ["b"]]
    honoured = [["s"], ["a"], ["d2"], ["sum"], ["b"]]
    assert words(events, honour_compaction=True) == honoured
    gone = [*events, rewind(8, 7)]
    assert words(gone, honour_compaction=True) == honoured[:-1]
    never = [*events, rewind(8, 3)]
    assert words(never, honour_compaction=True) == [["s"], ["d"], ["a"]]


def test_a_summary_of_several_messages_stays_one_when_a_part_is_edited():
    kept = {"record": 9, "kind": Kind.COMPACTION, "ref": 0}
    edited = {"source": 2, "log": 2, "seq": 0, "record": 0, "kind": Kind.COMPACTION}
    events = [event(0, "a"), event(1, "one", **kept), event(2, "two!", **edited)]
    events += [event(3, "three", **kept), event(4, "b")]
    honoured = [["one"], ["two!"], ["three"], ["b"]]
    assert words(events, honour_compaction=True) == honoured
    marker = event(5, "", Role.NONE, Kind.COMPACTION, visibility=Visibility.UI_ONLY)
    again = [*events[:4], marker, event(6, "sum", record=11, kind=Kind.COMPACTION)]
    assert words(again, honour_compaction=True) == [["sum"]]


def shown(index, kind, ref, **more):
    return event(index, "", Role.NONE, kind, visibility=Visibility.UI_ONLY, ref=ref, **more)


def test_what_a_compaction_keeps_stands_behind_its_summary():
    events = [event(0, "s", SYSTEM), event(1, "a"), event(2, "b"), event(3, "s2", SYSTEM)]
    events += [event(4, "c"), shown(5, Kind.COMPACTION, 2, record=5, name="keep")]
    events += [event(6, "sum", record=5, kind=Kind.COMPACTION), event(7, "d")]
    assert words(events) == [["s"], ["a"], ["b"], ["s2"], ["c"], ["sum"], ["d"]]
    honoured = [["s"], ["sum"], ["b"], ["s2"], ["c"], ["d"]]
    assert words(events, honour_compaction=True) == honoured
    again = [*events, shown(8, Kind.COMPACTION, 8, record=8, name="keep")]
    again.append(event(9, "all", record=8, kind=Kind.COMPACTION))
    assert words(again, honour_compaction=True) == [["s"], ["s2"], ["all"]]


def test_a_summary_with_a_system_prompt_takes_the_place_of_earlier_ones():
    events = [event(0, "s", SYSTEM), event(1, "a"), event(2, "s2", SYSTEM), event(3, "b")]
    events += [shown(4, Kind.COMPACTION, 2, record=4, name="keep")]
    told = {"record": 4, "kind": Kind.COMPACTION, "ref": 0}
    events += [event(5, "s3", SYSTEM, **told), event(6, "sum", **told), event(7, "c")]
    assert words(events, honour_compaction=True) == [["s3"], ["sum"], ["b"], ["c"]]


def test_what_is_kept_may_stand_in_what_the_log_branches_off_from():
    events = [event(0, "a", seq=0), event(1, "b", seq=1), event(2, "c", log=2, seq=0)]
    events += [shown(3, Kind.COMPACTION, -1, log=2, seq=1, record=3, name="keep")]
    events += [event(4, "sum", log=2, seq=2, record=3, kind=Kind.COMPACTION)]
    assert words(events, honour_compaction=True) == [["sum"], ["b"], ["c"]]


def test_an_edit_of_the_context_leaves_a_message_out_until_another_puts_it_in_again():
    events = [event(0, "a"), event(1, "b", MODEL), event(2, "b2", MODEL, record=1), event(3, "c")]
    out = shown(4, Kind.CONTEXT_EDIT, 1, name="omit")
    assert words([*events, out]) == [["a"], ["c"]]
    back = shown(5, Kind.CONTEXT_EDIT, 1, name="replace")
    assert words([*events, out, back]) == [["a"], ["b"], ["b2"], ["c"]]
