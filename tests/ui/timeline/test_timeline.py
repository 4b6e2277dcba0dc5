from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication, QPalette, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QApplication, QMenu

from scrubber.core.track import Lane, Track
from scrubber.ui.timeline import canvas
from scrubber.ui.timeline.scene import MOST_COLUMNS
from scrubber.ui.timeline.tooltips import tooltip
from tests.ui.timeline.conftest import make_track

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def at(timeline, cut, lane=Lane.YOU):
    scene = timeline.scene()
    row = scene.rows.lane(lane)
    return QPoint(round(scene.x(cut)), row.top + row.height // 2)


def wheel(timeline, point, x=0, y=0, modifiers=PLAIN):
    event = QWheelEvent(
        QPointF(point),
        QPointF(timeline.mapToGlobal(point)),
        QPoint(),
        QPoint(x, y),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(timeline, event)


# -------------------------------------------------------------------------------- a slider


def test_it_is_a_slider_for_people_and_for_assistive_technology(show):
    timeline = show(100, 7)
    assert isinstance(timeline, QAbstractSlider)
    assert timeline.objectName() == "timeline"
    interface = QAccessible.queryAccessibleInterface(timeline)
    assert interface.role() is QAccessible.Role.Slider
    assert interface.text(QAccessible.Text.Name) == "Timeline"
    assert interface.text(QAccessible.Text.Description)
    values = interface.valueInterface()
    assert (values.minimumValue(), values.currentValue(), values.maximumValue()) == (0, 7, 100)
    values.setCurrentValue(42)
    assert timeline.value() == 42


def test_it_follows_the_cursor_and_moves_it(show, cursor, qtbot):
    timeline = show(100)
    with qtbot.waitSignal(timeline.valueChanged) as moved:
        cursor.set_index(50)
    assert moved.args == [50]
    assert timeline.value() == 50
    timeline.setValue(30)
    assert cursor.index == 30
    assert (timeline.minimum(), timeline.maximum()) == (0, 100)


def test_a_session_that_shrinks_shows_no_value_in_between(show, cursor):
    timeline = show(100, 80)
    seen: list[int] = []
    timeline.valueChanged.connect(seen.append)
    cursor.open("other", 50, 20)
    assert seen == [20]
    assert (cursor.index, timeline.maximum()) == (20, 50)


def test_a_session_that_grows_keeps_a_zoomed_view(show, cursor):
    timeline = show(100, 50)
    timeline.zoom_in()
    before = timeline.viewport.view
    cursor.set_length(120)
    timeline.set_track(make_track(120))
    assert (timeline.viewport.view.first, timeline.viewport.view.span) == (
        before.first,
        before.span,
    )
    cursor.open("other", 80, 0)
    timeline.set_track(make_track(80))
    assert not timeline.viewport.view.zoomed_in


# ------------------------------------------------------------------------------- the mouse


@pytest.mark.parametrize("cut", [0, 1, 33, 99, 100])
def test_a_click_goes_to_the_nearest_gap(show, cursor, qtbot, cut):
    timeline = show(100, 50)
    qtbot.mouseClick(timeline, LEFT, pos=at(timeline, cut) + QPoint(2, 0))
    assert cursor.index == cut


def test_a_drag_scrubs_also_beyond_the_ends(show, cursor, qtbot):
    timeline = show(100)
    seen: list[int] = []
    cursor.index_changed.connect(seen.append)
    qtbot.mousePress(timeline, LEFT, pos=at(timeline, 10))
    for cut in (20, 30, 40):
        qtbot.mouseMove(timeline, at(timeline, cut))
    qtbot.mouseMove(timeline, QPoint(5000, 60))
    qtbot.mouseRelease(timeline, LEFT, pos=QPoint(5000, 60))
    assert seen == [10, 20, 30, 40, 100]
    qtbot.mouseMove(timeline, at(timeline, 3))
    assert cursor.index == 100


def test_the_wheel_zooms_around_the_pointer(show, qtbot):
    timeline = show(100)
    point = at(timeline, 30)
    position = timeline.viewport.view.position(point.x() - timeline.scene().left)
    wheel(timeline, point, y=240)
    view = timeline.viewport.view
    assert view.zoomed_in
    assert view.position(point.x() - timeline.scene().left) == pytest.approx(position, abs=0.01)
    wheel(timeline, point, y=-2400)
    assert not timeline.viewport.view.zoomed_in


@pytest.mark.parametrize(("x", "y", "modifiers"), [(-60, 0, PLAIN), (0, -60, SHIFT)])
def test_sideways_and_with_shift_the_wheel_pans(show, x, y, modifiers):
    timeline = show(100, 50)
    timeline.zoom_in()
    before = timeline.viewport.view
    wheel(timeline, at(timeline, 50), x, y, modifiers)
    after = timeline.viewport.view
    assert after.first > before.first
    assert after.span == before.span


@pytest.mark.parametrize(("button", "on_axis"), [(MIDDLE, False), (LEFT, True)])
def test_middle_drag_and_dragging_the_axis_pan(show, cursor, qtbot, button, on_axis):
    timeline = show(100, 50)
    timeline.zoom_in()
    before, point = timeline.viewport.view.first, at(timeline, 50)
    if on_axis:
        point.setY(timeline.scene().rows.axis.top + 8)
    qtbot.mousePress(timeline, button, pos=point)
    qtbot.mouseMove(timeline, point - QPoint(80, 0))
    qtbot.mouseRelease(timeline, button, pos=point - QPoint(80, 0))
    assert timeline.viewport.view.first > before
    assert cursor.index == 50


def test_a_click_on_the_axis_moves_the_playhead(show, cursor, qtbot):
    timeline = show(100, 50)
    point = QPoint(at(timeline, 20).x(), timeline.scene().rows.axis.top + 8)
    qtbot.mouseClick(timeline, LEFT, pos=point)
    assert cursor.index == 20


def test_a_double_click_resets_the_zoom(show, qtbot):
    timeline = show(100, 50)
    timeline.zoom_in()
    qtbot.mouseDClick(timeline, LEFT, pos=at(timeline, 50))
    assert not timeline.viewport.view.zoomed_in


def test_the_frame_of_the_minimap_can_be_dragged(show, cursor, qtbot):
    timeline = show(1000, 0, 1000)
    assert timeline.scene().rows.minimap.height == 0
    for _ in range(5):
        timeline.zoom_in()
    scene = timeline.scene()
    target = QPoint(scene.left + scene.plot_width // 2, scene.rows.minimap.height // 2)
    qtbot.mousePress(timeline, LEFT, pos=target)
    view = timeline.viewport.view
    assert view.first + view.span / 2 == pytest.approx(500, abs=2)
    qtbot.mouseMove(timeline, target + QPoint(100, 0))
    moved = timeline.viewport.view.first - view.first
    assert moved == pytest.approx(100 * 1000 / scene.plot_width, rel=0.01)
    qtbot.mouseRelease(timeline, LEFT, pos=target + QPoint(100, 0))
    assert cursor.index == 0


def test_a_click_on_a_fork_names_its_session_and_stays(show, cursor, qtbot):
    timeline = show(100)
    point = QPoint(round(timeline.scene().x(25)), timeline.scene().rows.marks.top + 6)
    with qtbot.waitSignal(timeline.fork_activated) as clicked:
        qtbot.mouseClick(timeline, LEFT, pos=point)
    assert clicked.args == ["child"]
    assert cursor.index == 0


# The offscreen platform cannot raise windows and says so for each menu.
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_forks_at_one_place_are_asked_about(show, qtbot):
    timeline = show(100)
    point = QPoint(round(timeline.scene().x(50)), timeline.scene().rows.marks.top + 6)
    qtbot.mouseClick(timeline, LEFT, pos=point)
    menu = timeline.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == ["50  left && right", "50  right"]
    with qtbot.waitSignal(timeline.fork_activated) as clicked:
        menu.actions()[1].trigger()
    assert clicked.args == ["right"]
    menu.close()


def test_a_click_on_a_span_names_its_session_and_a_drag_scrubs(show, cursor, qtbot):
    timeline = show(100)
    point = at(timeline, 65, Lane.SUBAGENTS)
    with qtbot.waitSignal(timeline.span_activated) as clicked:
        qtbot.mouseClick(timeline, LEFT, pos=point)
    assert clicked.args == ["agent"]
    assert cursor.index == 0
    qtbot.mousePress(timeline, LEFT, pos=point)
    qtbot.mouseMove(timeline, at(timeline, 40))
    qtbot.mouseRelease(timeline, LEFT, pos=at(timeline, 40))
    assert cursor.index == 40


# ---------------------------------------------------------------------------- the keyboard


@pytest.mark.parametrize(
    ("key", "index"),
    [
        (Qt.Key.Key_Left, 49),
        (Qt.Key.Key_Right, 51),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 100),
        (Qt.Key.Key_PageUp, 40),
        (Qt.Key.Key_PageDown, 60),
        (Qt.Key.Key_A, 50),
    ],
)
def test_keys_move_the_playhead(show, cursor, qtbot, key, index):
    timeline = show(100, 50)
    qtbot.keyClick(timeline, key)
    assert cursor.index == index


def test_keys_zoom_and_the_playhead_stays_in_sight(show, cursor, qtbot):
    timeline = show(1000, 500)
    for _ in range(6):
        qtbot.keyClick(timeline, Qt.Key.Key_Plus)
    view = timeline.viewport.view
    assert view.span == pytest.approx(1000 / 1.6**6)
    for _ in range(5):
        qtbot.keyClick(timeline, Qt.Key.Key_PageDown)
        assert 0 <= timeline.viewport.view.x(cursor.index) <= timeline.viewport.view.width
    assert timeline.viewport.view.first > view.first
    qtbot.keyClick(timeline, Qt.Key.Key_Minus)
    assert timeline.viewport.view.span > view.span
    qtbot.keyClick(timeline, Qt.Key.Key_0)
    assert not timeline.viewport.view.zoomed_in


# --------------------------------------------------------------------------------- the rest


@pytest.mark.parametrize("mode", ["index", "time", "tokens"])
@pytest.mark.parametrize("count", [0, 1, 12, 5000])
@pytest.mark.parametrize("zoom", [1, 6])
def test_it_paints_every_mode_at_every_size(show, qtbot, mode, count, zoom):
    timeline = show(count, count // 2, 500)
    timeline.set_mode(mode)
    qtbot.waitUntil(lambda: not timeline.viewport.loading)
    timeline.viewport.zoom(zoom)
    assert not timeline.grab().isNull()
    timeline.resize(1600, 150)
    assert not timeline.grab().isNull()


def test_a_mode_keeps_the_events_in_sight(show, cursor, qtbot):
    timeline = show(1000, 500)
    for _ in range(4):
        timeline.zoom_in()
    with qtbot.waitSignal(timeline.mode_changed) as changed:
        timeline.set_mode("time")
    assert changed.args == ["time"]
    assert 0 <= timeline.viewport.view.x(timeline.viewport.axis.position(500)) <= 1000


def test_a_long_axis_is_built_in_slices_and_the_newest_request_wins(show, qtbot):
    timeline = show(200_000)
    timeline.set_mode("time")
    timeline.set_mode("tokens")
    timeline.set_mode("time")
    qtbot.waitUntil(lambda: not timeline.viewport.loading)
    assert timeline.viewport.axis.mode == "time"


def test_the_picture_is_kept_while_scrubbing(show, cursor, monkeypatch):
    timeline = show(100)
    timeline.grab()
    monkeypatch.setattr("scrubber.ui.timeline.canvas.picture", lambda _: pytest.fail("painted"))
    cursor.set_index(20)
    timeline.grab()


def test_what_comes_after_the_playhead_is_dimmed(show, cursor):
    timeline = show(12, 12)
    where = at(timeline, 5)
    where.setX(round((timeline.scene().x(5) + timeline.scene().x(6)) / 2))
    bright = timeline.grab().toImage().pixelColor(where)
    cursor.set_index(2)
    dim = timeline.grab().toImage().pixelColor(where)
    assert dim.lightness() > bright.lightness()


def test_it_turns_dark_with_the_palette(show):
    timeline = show(100)
    before = QGuiApplication.palette()
    corner = timeline.width() - 3, 40
    light = timeline.grab().toImage().pixelColor(*corner)
    dark = QPalette(before)
    dark.setColor(QPalette.ColorRole.Base, QColor("#101010"))
    try:
        QApplication.setPalette(dark)
        QApplication.sendEvent(timeline, QEvent(QEvent.Type.PaletteChange))
        assert timeline.grab().toImage().pixelColor(*corner).lightness() < light.lightness()
    finally:
        QApplication.setPalette(before)


def test_tooltips_are_plain_text(show):
    timeline = show(100)
    scene = timeline.scene()
    point = QPointF(at(timeline, 0) + QPoint(3, 0))
    text = tooltip(scene, point, lambda event: f"<img src=x> {event}\x1b")
    assert text.startswith("<p ")
    assert "&lt;img src=x&gt; 0␛" in text
    assert "#1 · message" in text
    fork = QPointF(scene.x(25), scene.rows.marks.top + 5)
    assert "&lt;b&gt;bold" in tooltip(scene, fork, str)
    assert "look around" in tooltip(scene, QPointF(at(timeline, 65, Lane.SUBAGENTS)), str)
    assert tooltip(scene, QPointF(5, 5), str) == ""


def test_a_track_may_be_shorter_than_the_session_for_a_moment(show, cursor):
    timeline = show(100)
    cursor.set_length(200)
    cursor.set_index(190)
    timeline.grab()
    timeline.set_track(Track())
    timeline.grab()
    assert timeline.value() == 190


@pytest.mark.parametrize("width", [700, 1280, 3840])
def test_a_wide_screen_has_no_more_columns_to_paint(show, width):
    timeline = show(count=20_000, width=width)
    columns = len(timeline.scene().edges) - 1
    assert 0 < columns <= MOST_COLUMNS
    assert timeline.scene().plot_width / columns >= 2


def test_a_zoom_step_paints_neither_gutter_nor_minimap_anew(show, monkeypatch):
    painted = []
    for name in ("gutter_image", "minimap"):
        real = getattr(canvas, name)

        def watched(scene, name=name, real=real):
            painted.append(name)
            return real(scene)

        monkeypatch.setattr(canvas, name, watched)
    timeline = show(count=20_000)
    for _ in range(5):
        timeline.zoom_in()
        timeline.grab()
    assert painted.count("minimap") == 1
    assert painted.count("gutter_image") <= 2  # rows are lower where there is a minimap
