"""The composition root: makes the application and its window, and nothing else."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from scrubber.developer import is_developing, log_to_stderr
from scrubber.places import default_store_path
from scrubber.ui import interrupts, theme
from scrubber.ui.main_window import MainWindow
from scrubber.version import __version__

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

_TRIES = 300
"""Tenths of a second that a screenshot waits for the session to be on screen."""
_SETTLED_MS = 5_000
"""How long after its start a window has all that it keeps until its end: modules, widgets."""


def create_window(
    store_path: str | os.PathLike[str] | None = None, *, at_once: bool = True
) -> MainWindow:
    """The main window on a store (None: the default one); shows nothing yet.

    Needs a QApplication. The store is opened once the window is shown; ``close()`` lets go of it.
    ``at_once`` False: what fills the window is made behind its first paint.
    """
    path = Path(store_path) if store_path is not None else default_store_path()
    return MainWindow(path, at_once=at_once)


def run(store_path: Path | None = None, files: Sequence[Path] = ()) -> int:
    """Show the window until it is closed, with ``files`` imported; gives the exit status."""
    application = _application()
    window = create_window(store_path, at_once=False)
    if is_developing():
        _watch_over(window)
    window.show()
    if files:
        window.import_paths(files)
    # A full collection, which stops the window, then looks only at what came later.
    QTimer.singleShot(_SETTLED_MS, window, gc.freeze)
    with interrupts.closing(window):
        return int(application.exec())


def _watch_over(window: MainWindow) -> None:
    from scrubber.ui import developer

    log_to_stderr()
    developer.attach(window)


def screenshot(
    store_path: Path, session: str, index: int, target: Path, size: tuple[int, int] = (1280, 860)
) -> None:
    """Save a picture of the real window on a session, with the playhead at an index."""
    application = _application()
    window = create_window(store_path)
    window.resize(*size)
    window.panes.library.opened.connect(lambda _store: window.show_session(session))
    window.panes.open_session.shown.connect(lambda _loaded: window.panes.cursor.set_index(index))

    tries = iter(range(_TRIES))

    def shoot() -> None:
        if not window.is_settled(session) and next(tries, None) is not None:
            QTimer.singleShot(100, window, shoot)
            return
        window.grab().save(str(target))
        window.close()
        application.quit()

    window.show()
    QTimer.singleShot(300, window, shoot)
    application.exec()


def _application() -> QApplication:
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = QApplication(sys.argv[:1])
    application.setApplicationName("scrubber")
    application.setApplicationDisplayName("Scrubber")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("scrubber")
    application.setWindowIcon(theme.app_icon())
    return application


def main() -> int:
    """Entry point without a console: the window on the default store."""
    return run(files=[Path(name) for name in sys.argv[1:]])
