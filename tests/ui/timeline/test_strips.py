"""Branches beside the open session, on the timeline of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt

from scrubber.api import open_store
from scrubber.app import create_window
from scrubber.core.session import Changes
from scrubber.models.tree_rows import RunState
from scrubber.transfer.editing import Edit
from scrubber.ui import theme
from scrubber.ui.timeline.branch_menu import BranchMenu
from scrubber.ui.timeline.strips import strip_words
from tests.helpers.scripted import Scripted, says

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.ui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, bundled_sample: Path) -> Iterator[MainWindow]:
    """The sample is open; it has an edited fork at 28 and an empty one at 60."""
    path = tmp_path / "store.db"
    with open_store(path) as store:
        store.import_paths([bundled_sample])
        root = store.roots()[0].id
        store.fork_edited(root, 28, Edit(text="no", is_error=True), keep_following=True)
        store.fork(root, 60, title="later")
    made = create_window(path)
    made.resize(1300, 1000)
    with qtbot.waitSignal(made.panes.library.opened):
        made.show()
    made.show_session(root)
    qtbot.waitUntil(lambda: len(made.panes.timeline.scene().strips) == 2 and made.is_settled(root))
    yield made
    made.close()
    made.deleteLater()


def strips(window: MainWindow) -> list[tuple[int, int]]:
    """(where it parts, own events) of each strip."""
    return [(one.start, len(one.prepared)) for one in window.panes.timeline.scene().strips]


def click(qtbot, window, row, x=None):
    timeline = window.panes.timeline
    left = timeline.scene().left
    where = QPoint(round(x if x is not None else left + 300), row.top + row.height // 2)
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=where)


def test_forks_are_strips_from_where_they_part(window):
    assert strips(window) == [(28, 104), (60, 0)]
    scene = window.panes.timeline.scene()
    image = window.panes.timeline.grab().toImage()
    top = scene.rows.strips[0]
    y = top.top + top.height // 2
    error = theme.current().error.rgb()
    # the edited result failed: the same diamond as in the lanes, at the strip's beginning
    near = {image.pixelColor(round(scene.x(28)) + dx, y).rgb() for dx in range(10)}
    assert error in near
    ground = image.pixelColor(round(scene.x(13)) + 3, y).rgb()
    assert ground == theme.current().background.rgb()


def test_a_click_opens_the_branch_and_there_its_family_is_seen(qtbot, window):
    row = window.panes.timeline.scene().rows.strips[0]
    fork = window.panes.timeline.scene().strips[0].session.id
    click(qtbot, window, row)
    qtbot.waitUntil(lambda: window.is_settled(fork))
    qtbot.waitUntil(lambda: len(strips(window)) == 2)
    titles = [one.session.title for one in window.panes.timeline.scene().strips]
    assert sorted(titles) == ["Keep the cart through login", "later"]
    assert {start for start, _ in strips(window)} == {28}


def test_a_branch_that_grows_grows_on_the_timeline(qtbot, window):
    store, timeline = window.panes.library.store, window.panes.timeline
    edited = timeline.scene().strips[0].prepared
    later = timeline.scene().strips[1].session.id
    store.continue_branch(later, Scripted(says("I go another way.")))
    window.panes.library.changed.emit(Changes(changed=frozenset({later})))
    qtbot.waitUntil(lambda: strips(window)[1][1] > 0)
    assert strips(window)[1][0] == 60
    assert strips(window)[0] == (28, 104)
    assert timeline.scene().strips[0].prepared is edited  # not looked at again


def test_how_it_stands_is_said_and_drawn(window):
    timeline = window.panes.timeline
    strip = timeline.scene().strips[0]
    still = timeline.grab().toImage()
    runs = {strip.session.id: RunState.RUNNING}
    timeline.set_runs(runs)
    assert timeline.grab().toImage() != still
    assert strip_words(strip, runs).splitlines()[1] == (
        "parts at 28 · 104 events of its own · ✗ 6 errors · running"
    )
    timeline.set_runs({})
    assert timeline.grab().toImage() == still


def test_a_branch_from_the_end_is_seen_behind_the_end(qtbot, window):
    panes, store = window.panes, window.panes.library.store
    root = panes.cursor.session
    fork = store.fork(root, 132, title="on").session.id
    store.continue_branch(fork, Scripted(says("One more thing.")))
    panes.library.changed.emit(Changes(added=frozenset({fork}), changed=frozenset({root})))
    qtbot.waitUntil(lambda: (132, 4) in strips(window))
    scene = panes.timeline.scene()
    end = scene.x(132)
    assert end < scene.left + scene.plot_width - 10
    row = scene.rows.strips[[one.session.id for one in scene.shown].index(fork)]
    image = panes.timeline.grab().toImage()
    assert image.pixelColor(round(end) + 8, row.top + 6) != theme.current().background
    # Behind its end the session has nothing to scrub to.
    click(qtbot, window, scene.rows.lanes[0][1], scene.left + scene.plot_width - 2)
    assert (panes.cursor.session, panes.cursor.index) == (root, 132)


# The offscreen platform cannot raise windows and says so for each menu.
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_many_branches_are_a_few_strips_and_a_menu(qtbot, window):
    store, timeline = window.panes.library.store, window.panes.timeline
    root = window.panes.cursor.session
    made = [store.fork(root, 30 + n, title=f"& {n}").session.id for n in range(20)]
    window.panes.library.changed.emit(Changes(added=frozenset(made), changed=frozenset({root})))
    qtbot.waitUntil(lambda: timeline.scene().others == 14)
    scene = timeline.scene()
    shown = len(scene.rows.strips)
    assert 2 <= shown <= 8
    assert scene.hidden_strips == 22 - shown
    click(qtbot, window, scene.rows.more)
    menu = timeline.findChild(BranchMenu)
    assert len(menu.actions()) == 22 - shown
    wanted = menu.actions()[0].data()
    menu.actions()[0].trigger()
    menu.close()
    qtbot.waitUntil(lambda: window.is_settled(wanted))


def test_a_deleted_branch_is_gone(qtbot, window):
    later = window.panes.timeline.scene().strips[1].session
    window.panes.library.delete(later.id, later.title)
    qtbot.waitUntil(lambda: strips(window) == [(28, 104)])


def test_without_branches_the_lanes_have_the_room(qtbot, window):
    timeline = window.panes.timeline
    before = timeline.scene().rows
    timeline.set_strips(())
    after = timeline.scene().rows
    assert after.lanes_stop == after.axis.top
    assert after.curve.height + after.lanes[0][1].height > (
        before.curve.height + before.lanes[0][1].height
    )
