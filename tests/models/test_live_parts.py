from __future__ import annotations

from scrubber.core.content import Content, text_content
from scrubber.core.events import Kind
from scrubber.live.parts import Began, Ended, Grew, Replied, Stop
from scrubber.models.live_parts import LONGEST, LivePart, LiveReply


def test_only_the_end_of_a_long_part_is_kept() -> None:
    part = LivePart(Kind.MESSAGE)
    text = "".join(f"line {n} of a long reply\n" for n in range(2_000))
    for start in range(0, len(text), 7):
        part.grow(text[start : start + 7])
        assert len(part.text) <= LONGEST
    assert part.size == len(text)
    assert text.endswith(part.text)
    assert part.text.startswith("line ")


def test_a_code_block_that_began_above_is_known() -> None:
    part = LivePart(Kind.MESSAGE)
    part.grow("Look:\n\n```python\n" + "x = 1\n" * 2_000)
    assert part.fence == "```python"
    part.grow("```\n" + "words after it\n" * 1_000)
    assert part.fence == ""


def test_one_line_without_an_end_is_cut_as_well() -> None:
    part = LivePart(Kind.TOOL_CALL)
    part.grow("x" * 50_000)
    assert (part.size, len(part.text) <= LONGEST) == (50_000, True)


def test_a_part_stays_until_its_event_is_on_the_page() -> None:
    reply = LiveReply()
    for part in (Began(0, Kind.REASONING), Grew(0, "Hm"), Began(1, Kind.TOOL_CALL, "Bash")):
        reply.take(part, 10)
    assert [(p.text, p.opens, p.name) for p in reply.parts] == [
        ("Hm", True, None),
        ("", False, "Bash"),
    ]
    reply.take(Ended(0, Kind.REASONING, text_content("Hm")), 11)
    reply.shown(10)
    assert len(reply.parts) == 2
    reply.shown(11)
    assert [part.kind for part in reply.parts] == [Kind.TOOL_CALL]
    reply.take(Ended(1, Kind.TOOL_CALL, Content(arguments={})), 12)
    reply.take(Replied(Stop.TOOL_USE), 12)
    reply.take(Grew(1, "too late"), 12)
    reply.shown(12)
    assert reply.parts == []
