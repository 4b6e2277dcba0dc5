"""Where words come from is seen at each row, and said when one points at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from scrubber.core.content import Content, Text, text_content
from scrubber.core.events import Kind, Mark, Origin, Role, Visibility
from scrubber.ui.transcript.gestures import badge_at, target_at
from scrubber.ui.transcript.pieces import Action, Line
from tests.ui.transcript.conftest import settle
from tests.ui.transcript.feeds import ListFeed, event

if TYPE_CHECKING:
    from tests.ui.transcript.conftest import Open


def test_badges_say_what_they_mean_when_one_points_at_them(transcript: Open) -> None:
    said = text_content("A reply that was edited.")
    told = {"told": {"rung": "static"}}
    items = [
        (event(0, Kind.MESSAGE, "A reply", Role.ASSISTANT, origin=Origin.EDITED), said),
        (
            event(1, Kind.TOOL_RESULT, "nothing", Role.TOOL, origin=Origin.STUBBED),
            Content((Text("nothing"),), detail=told),
        ),
        (
            event(
                2,
                Kind.MESSAGE,
                "Half",
                Role.ASSISTANT,
                origin=Origin.RESAMPLED,
                marks=Mark.TRUNCATED,
            ),
            text_content("Half"),
        ),
    ]
    view = transcript(ListFeed(items), 3)
    settle(view)
    rows = [placed.row for placed in view.pager.page.rows]
    lines = [row.pieces[0] for row in rows if row is not None]
    badges = [[word for word, _ in line.badges] for line in lines if isinstance(line, Line)]
    assert badges == [
        ["edited", "off-policy"],
        ["stubbed: fixed text"],
        ["resampled", "cut short"],
    ]
    first = view.pager.page.rows[0]
    assert first.row is not None
    y = first.top + first.row.pieces[0].top + 8
    seen = set()
    for x in range(int(view.pager.style.left), int(view.pager.style.right), 4):
        at = QPointF(x, y)
        target = target_at(view.pager, at)
        assert target is not None
        word = badge_at(view.pager, target, at)
        seen.add(word)
        tip = view._tip(target, at)
        assert bool(tip) == bool(word)
    assert seen == {"", "edited", "off-policy"}


def test_what_a_run_notes_about_itself_can_be_unfolded(transcript: Open) -> None:
    call = event(
        0, Kind.MODEL_CALL, "tiny: 12 tokens", origin=Origin.SYNTHETIC, visibility=Visibility.HIDDEN
    )
    view = transcript(ListFeed([(call, Content(detail={"sha256": "abc"}))]), 1)
    view.set_show_hidden(True)
    settle(view)
    row = view.pager.page.rows[0].row
    assert row is not None
    assert row.pieces[0].action is Action.FOLD
    view.toggle_fold(0)
    settle(view)
    row = view.pager.page.rows[0].row
    assert row is not None
    texts = [piece.document.toPlainText() for _, piece in row.texts()]
    assert any('"sha256": "abc"' in text for text in texts)
