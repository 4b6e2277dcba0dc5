"""A branch run on from the composer, with keys and clicks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QMessageBox, QPushButton

from scrubber.core.events import Kind, Mark, Origin, Role
from scrubber.core.policy import Rung
from scrubber.core.running import Budget
from scrubber.live.errors import ProviderError
from scrubber.models import providers
from scrubber.ui.composer.attachments import LARGEST_BYTES, as_images, encoded
from scrubber.ui.composer.forms import BudgetForm, ParamsForm
from scrubber.ui.composer.recording_bar import RecordingBar
from scrubber.ui.dialogs.fork_dialog import ForkDialog
from tests.helpers.scripted import Scripted, grows, says

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.live.settings import BranchSettings
    from scrubber.ui.composer import Composer
    from scrubber.ui.main_window import MainWindow


@pytest.fixture
def composer(branch_window: MainWindow) -> Composer:
    return branch_window.panes.composer


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch, composer: Composer) -> Any:
    """Lets the open branch be run by a scripted provider, as if it were an endpoint."""

    def install(*replies: Any) -> Scripted:
        provider = Scripted(*replies)
        make = providers.make

        def made(settings: BranchSettings) -> Any:
            return provider if settings.provider == "scripted" else make(settings)

        monkeypatch.setattr(providers, "make", made)
        composer.pickers.choose(providers.Choice("scripted", "tiny-1", "Scripted"))
        return provider

    return install


def session_of(window: MainWindow) -> str:
    assert window.panes.open_session.session is not None
    return window.panes.open_session.session.id


def test_replay_is_the_default_and_goes_to_the_end_on_one_key(
    qtbot: QtBot, branch_window: MainWindow, composer: Composer
) -> None:
    qtbot.waitUntil(lambda: "goes on for 106 events" in composer.status.text.full)
    assert composer.pickers.model.text().strip() == "Replay"
    branch_window.panes.transcript.setFocus()
    with qtbot.waitSignal(branch_window.panes.runs.over):
        qtbot.keyClick(branch_window.panes.transcript, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: branch_window.panes.cursor.length == 132)
    assert branch_window.panes.cursor.index == 132
    assert composer.status.text.full.startswith("Finished: the recording is at its end")


def test_a_message_and_its_reply_become_events(
    qtbot: QtBot,
    branch_window: MainWindow,
    branch_store: OpenStore,
    composer: Composer,
    scripted: Any,
) -> None:
    scripted(says("I will."))
    qtbot.waitUntil(lambda: "1.2 k tokens in" in composer.status.text.full)
    composer.message.setFocus()
    qtbot.keyClicks(composer.message, "Look at the tests first.")
    with qtbot.waitSignal(branch_window.panes.runs.over):
        qtbot.keyClick(composer.message, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    said = [
        (event.role, event.text, event.origin)
        for event in branch_store.events(session_of(branch_window), 26)
        if event.kind is Kind.MESSAGE
    ]
    assert said == [
        (Role.USER, "Look at the tests first.", Origin.TYPED),
        (Role.ASSISTANT, "I will.", Origin.RESAMPLED),
    ]
    assert composer.message.toPlainText() == ""
    assert "$0.0015" in composer.status.text.full


def test_stop_keeps_what_has_come_and_esc_stops(
    qtbot: QtBot,
    branch_window: MainWindow,
    branch_store: OpenStore,
    composer: Composer,
    scripted: Any,
) -> None:
    scripted([*grows("Half of it"), asyncio.Event()])
    composer.go.click()
    tail = branch_window.panes.transcript.tail
    qtbot.waitUntil(lambda: tail.text == "Half of it")
    assert tail.height > 0
    assert composer.stop.isVisible()
    assert not composer.go.isVisible()
    qtbot.waitUntil(lambda: "writing" in composer.status.text.full)
    with qtbot.waitSignal(branch_window.panes.runs.over):
        qtbot.keyClick(branch_window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: tail.height == 0)
    kept = [e for e in branch_store.events(session_of(branch_window), 26) if e.text == "Half of it"]
    assert [bool(e.marks & Mark.TRUNCATED) for e in kept] == [True]
    assert composer.status.text.full.startswith("Stopped")


def test_a_failure_says_what_to_do_and_can_be_retried(
    qtbot: QtBot, branch_window: MainWindow, composer: Composer, scripted: Any
) -> None:
    scripted([ProviderError("The server has too much to do (529).")], says("Now it works."))
    with qtbot.waitSignal(branch_window.panes.runs.over):
        composer.go.click()
    assert "too much to do" in composer.status.reason.text()
    assert composer.status.retry.isVisible()
    with qtbot.waitSignal(branch_window.panes.runs.over):
        composer.status.retry.click()
    assert composer.status.text.full.startswith("Finished")


def test_what_was_written_is_not_lost_when_nothing_could_be_sent(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, composer: Composer
) -> None:
    lease = branch_store.store.claim(session_of(branch_window), "a command line")
    composer.message.setPlainText("Do not lose me")
    with qtbot.waitSignal(branch_window.panes.runs.over):
        composer.go.click()
    branch_store.store.release(lease)
    assert "is being extended by a command line" in composer.status.reason.text()
    assert composer.message.toPlainText() == "Do not lose me"


def test_settings_stay_with_the_branch(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, composer: Composer
) -> None:
    branch = session_of(branch_window)
    params = ParamsForm(branch_window.panes.branch.settings)
    params.temperature.setText("0.7")
    params.seed.setText("11")
    params.stop.setText("END|STOP")
    branch_window.panes.branch.set(params.settings())
    budget = BudgetForm(branch_window.panes.branch.settings)
    budget.turns.setText("3")
    budget.cost.setText("0.25")
    branch_window.panes.branch.set(budget.settings())
    composer.pickers.tools.menu().aboutToShow.emit()
    ask = next(a for a in composer.pickers.tools.menu().actions() if a.text() == "Ask me")
    ask.trigger()
    assert composer.pickers.tools.text().strip() == "ask me"
    assert composer.pickers.budget.text().strip() == "3 turns, $0.25"
    other = branch_store.fork(branch_store.roots()[0].id, 40).session.id
    branch_window.show_session(other)
    qtbot.waitUntil(lambda: session_now(branch_window) == other)
    assert branch_window.panes.branch.settings.budget is None
    branch_window.show_session(branch)
    qtbot.waitUntil(lambda: session_now(branch_window) == branch)
    kept = branch_window.panes.branch.settings
    assert (kept.params.temperature, kept.params.seed, kept.params.stop) == (
        0.7,
        11,
        ("END", "STOP"),
    )
    assert kept.budget == Budget(turns=3, cost_micros=250_000)
    assert kept.policy.default.rungs == (Rung.ASK,)


def session_now(window: MainWindow) -> str:
    session = window.panes.branch.session
    return session.id if session is not None else ""


# Of the offscreen platform.
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_popover_keeps_what_was_typed(
    qtbot: QtBot, branch_window: MainWindow, composer: Composer
) -> None:
    composer.pickers.show_budget()
    form = branch_window.findChild(BudgetForm)
    assert isinstance(form, BudgetForm)
    form.tokens.setText("5000")
    form.window().close()
    assert branch_window.panes.branch.settings.budget == Budget(tokens=5000)


def test_a_draft_waits_for_its_branch(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, composer: Composer
) -> None:
    branch = session_of(branch_window)
    composer.message.setPlainText("half a thought")
    root = branch_store.roots()[0].id
    branch_window.show_session(root)
    qtbot.waitUntil(lambda: session_now(branch_window) == root)
    assert composer.bar.isVisible()
    assert not composer.body.isVisible()
    branch_window.show_session(branch)
    qtbot.waitUntil(lambda: session_now(branch_window) == branch)
    assert composer.message.toPlainText() == "half a thought"


def test_a_recording_is_forked_to_be_continued(
    qtbot: QtBot, branch_window: MainWindow, branch_store: OpenStore, composer: Composer
) -> None:
    root = branch_store.roots()[0].id
    branch_window.show_session(root)
    qtbot.waitUntil(lambda: session_now(branch_window) == root)
    branch_window.panes.cursor.set_index(26)
    composer.bar.button.click()
    dialog = branch_window.findChild(ForkDialog)
    assert isinstance(dialog, ForkDialog)
    with qtbot.waitSignal(branch_window.panes.library.forked) as forked:
        dialog.fork_button.click()
    qtbot.waitUntil(lambda: session_now(branch_window) == forked.args[0].session.id)
    qtbot.waitUntil(lambda: branch_window.focusWidget() is composer.message)
    assert branch_store.session(root).events == 132


def test_pictures_are_taken_with_a_message(
    qtbot: QtBot,
    branch_window: MainWindow,
    branch_store: OpenStore,
    composer: Composer,
    scripted: Any,
    tmp_path: Path,
) -> None:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor("#336699"))
    file = tmp_path / "shot.png"
    picture.save(str(file))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    composer.message.insertFromMimeData(data)
    pasted = QMimeData()
    pasted.setImageData(picture)
    composer.message.insertFromMimeData(pasted)
    qtbot.waitUntil(lambda: len(composer.pictures.images) == 2)
    remove = composer.pictures.findChild(QPushButton, "removeImage.0") or composer.pictures
    assert remove.isVisible()
    composer.pictures.set_images(composer.pictures.images[:1])
    scripted(says("A blue one."))
    with qtbot.waitSignal(branch_window.panes.runs.over):
        composer.go.click()
    (said,) = [e for e in branch_store.events(session_of(branch_window), 26) if e.role is Role.USER]
    assert said.marks & Mark.IMAGE
    (image,) = branch_store.content(said).images
    assert (image.media_type, image.data) == ("image/png", as_images([file])[0].data)
    assert not composer.pictures.isVisible()


def test_a_large_picture_is_made_small_and_no_picture_is_none(tmp_path: Path) -> None:
    large = QImage(5_000, 3_000, QImage.Format.Format_RGB32)
    large.fill(QColor("#aabbcc"))
    image = encoded(large)
    assert len(image.data) * 3 // 4 <= LARGEST_BYTES
    shown = QImage.fromData(__import__("base64").b64decode(image.data))
    assert (shown.width(), shown.height()) == (2_000, 1_200)
    words = tmp_path / "words.png"
    words.write_text("no picture at all")
    assert as_images([words, tmp_path / "nothing.png"]) == []


def test_the_message_grows_with_its_text_and_then_scrolls(composer: Composer) -> None:
    one = composer.message.height()
    composer.message.setPlainText("a\nb\nc")
    three = composer.message.height()
    composer.message.setPlainText("x\n" * 100)
    many = composer.message.height()
    assert one < three < many
    assert many < 14 * composer.message.fontMetrics().lineSpacing()


def test_closing_while_something_runs_asks_first(
    qtbot: QtBot, branch_window: MainWindow, composer: Composer, scripted: Any
) -> None:
    scripted([*grows("Half"), asyncio.Event()])
    composer.go.click()
    qtbot.waitUntil(lambda: branch_window.panes.transcript.tail.text == "Half")
    assert not branch_window.close()
    box = branch_window.findChild(QMessageBox, "stopAndClose")
    assert isinstance(box, QMessageBox)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert branch_window.isVisible()
    assert branch_window.panes.runs.running
    branch_window.close()
    boxes = branch_window.findChildren(QMessageBox, "stopAndClose")
    with qtbot.waitSignal(branch_window.panes.runs.over):
        next(b for b in boxes[-1].buttons() if b.text() == "Stop and Close").click()
    qtbot.waitUntil(lambda: not branch_window.isVisible())


def test_a_reader_elsewhere_is_not_moved(
    qtbot: QtBot, branch_window: MainWindow, composer: Composer, scripted: Any
) -> None:
    transcript = branch_window.panes.transcript
    transcript.scroll_by(-1500)
    transcript.ensure_laid_out()
    assert not transcript.follows()
    scripted(says("One. " * 400))
    qtbot.waitUntil(lambda: all(p.row is not None for p in transcript.pager.page.rows))
    qtbot.waitUntil(lambda: composer.previewer.preview is not None)
    transcript.ensure_laid_out()
    first = transcript.pager.page.rows[1]
    with qtbot.waitSignal(branch_window.panes.runs.over):
        composer.go.click()
    qtbot.waitUntil(lambda: branch_window.panes.cursor.length > 26)
    transcript.ensure_laid_out()
    now = transcript.pager.page.find(first.index)
    assert now is not None
    assert now.top == first.top
    assert branch_window.panes.cursor.index == 26
    button = transcript.findChild(QPushButton, "newEventsButton")
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    button.click()
    transcript.ensure_laid_out()
    assert transcript.follows()


def test_the_line_below_a_recording_is_shortened_not_cut(qtbot: QtBot) -> None:
    bar = RecordingBar()
    qtbot.addWidget(bar)
    bar.resize(320, 40)
    with qtbot.waitExposed(bar):
        bar.show()
    assert bar.text.text().endswith("…")
    assert "What goes on is a fork" in bar.text.toolTip()


def test_what_the_empty_box_says_is_one_line(
    qtbot: QtBot, branch_window: MainWindow, composer: Composer
) -> None:
    branch_window.panes.cursor.set_index(3)
    box = composer.message
    qtbot.waitUntil(lambda: box.placeholderText().startswith("At the end, behind event 26"))
    for width in (900, 240):
        box.resize(width, box.height())
        shown = box.fontMetrics().horizontalAdvance(box.placeholderText())
        assert shown <= box.viewport().width() - 2 * box.document().documentMargin()
    assert box.placeholderText().endswith("…")


def test_a_click_on_the_line_below_a_recording_takes_no_keys_away(qtbot: QtBot) -> None:
    bar = RecordingBar()
    qtbot.addWidget(bar)
    with qtbot.waitExposed(bar):
        bar.show()
    qtbot.mouseClick(bar.text, Qt.MouseButton.LeftButton)
    assert not bar.text.hasFocus()
    assert bar.text.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert bar.text.textInteractionFlags() == Qt.TextInteractionFlag.NoTextInteraction
