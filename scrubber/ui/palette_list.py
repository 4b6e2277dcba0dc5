"""What the command palette lists, in which order, and how a row of it looks."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from scrubber.core.ages import age, count
from scrubber.core.fuzzy import Match, match
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.actions import SPECS
from scrubber.ui.key_caps import cap_height, caps, caps_width, draw_caps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.session import Session
    from scrubber.ui.actions import Actions

Index = QModelIndex | QPersistentModelIndex

_ICON = 16
_PAD = 12
_MENU_COSTS = 20.0
_RECENT_HELPS = 6.0


class EntryRole(IntEnum):
    """Data of a row beside its text."""

    ENTRY = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be chosen: an action's id, or a session's."""

    target: str
    text: str
    detail: str
    """The menu of an action; format and age of a session."""
    is_session: bool = False
    keys: tuple[str, ...] = ()
    icon: str = ""
    positions: tuple[int, ...] = ()
    """Letters of the text that were typed."""


def action_entries(actions: Actions, query: str, recent: Sequence[str]) -> list[Entry]:
    """The enabled actions that fit, the best first; those used lately count more."""
    found: list[tuple[float, Entry]] = []
    icons = {spec.id: spec.icon for spec in SPECS}
    for name, menu in menus(actions).items():
        action = actions[name]
        if name == "action.palette" or not action.isEnabled():
            continue
        text = action.text().rstrip("…").replace("&&", "&")
        fits = _fit(query, text, menu)
        if fits is None:
            continue
        keys = tuple(caps(action.shortcut())) if not action.shortcut().isEmpty() else ()
        entry = Entry(name, text, menu, False, keys, icons[name], fits.positions)
        found.append((fits.score + _recency(name, recent, bool(query)), entry))
    return [entry for _, entry in sorted(found, key=lambda pair: -pair[0])]


def menus(actions: Actions) -> dict[str, str]:
    """Each action's menu, in the order of the menus."""
    return {spec.id: spec.menu for spec in SPECS if spec.id in actions.by_id}


def _fit(query: str, text: str, menu: str) -> Match | None:
    """A query is looked for in the action's words, then in those of its menu as well."""
    fits = match(query, text)
    if fits is not None:
        return fits
    with_menu = match(query, f"{menu} {text}")
    if with_menu is None:
        return None
    shift = len(menu) + 1
    letters = tuple(at - shift for at in with_menu.positions if at >= shift)
    return Match(with_menu.score - _MENU_COSTS, letters)


def _recency(name: str, recent: Sequence[str], typed: bool) -> float:
    if name not in recent:
        return 0.0
    return _RECENT_HELPS if typed else 1000.0 - recent.index(name)


def session_entry(session: Session, query: str) -> Entry:
    """A session as a row."""
    title = visible(session.title).replace("\n", " ")[:300] or "untitled"
    when = age(session.updated, time.time_ns() // 1_000_000)
    fits = match(query, title)
    icons = {"fork": "fork", "subagent": "subagent"}
    return Entry(
        session.id,
        title,
        f"{count(session.events, 'event')} · {when}",
        is_session=True,
        icon=icons.get(session.relation, "session"),
        positions=fits.positions if fits else (),
    )


class PaletteModel(QAbstractListModel):
    """The entries: actions, then sessions."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []

    def set_entries(self, entries: list[Entry]) -> None:
        """Show others."""
        if entries == self._entries:
            return
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """The entry of a row."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """How many there are."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text, or the Entry."""
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.text}, {entry.detail} {'+'.join(entry.keys)}".strip()
        return entry if role == EntryRole.ENTRY else None


class EntryDelegate(QStyledItemDelegate):
    """Icon, text with the typed letters in bold, and at the right detail and keys."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line with air."""
        return QSize(200, max(32, option.fontMetrics.height() + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        entry: Entry | None = index.data(EntryRole.ENTRY)
        if entry is None:
            return
        painter.save()
        look, palette = theme.current(), option.palette
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            self._fill(painter, option.rect, palette.color(QPalette.ColorRole.Highlight))
        words = palette.color(QPalette.ColorRole.HighlightedText) if chosen else look.text
        quiet = words if chosen else look.muted
        area = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        self._icon(painter, area, entry, quiet if entry.is_session else words)
        area.setLeft(area.left() + _ICON + 10)
        area.setRight(area.right() - self._right(painter, area, option.font, entry, quiet))
        self._text(painter, area, option.font, entry, words)
        painter.restore()

    def _fill(self, painter: QPainter, area: QRect, colour: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(area.adjusted(4, 1, -4, -1), 5, 5)

    def _icon(self, painter: QPainter, area: QRect, entry: Entry, colour: QColor) -> None:
        if entry.icon:
            ratio = painter.device().devicePixelRatioF()
            drawn = theme.pixmap(entry.icon, colour.name(), _ICON, ratio)
            painter.drawPixmap(area.left(), area.top() + (area.height() - _ICON) // 2, drawn)

    def _right(
        self, painter: QPainter, area: QRect, font: QFont, entry: Entry, quiet: QColor
    ) -> int:
        """Draw keys and detail from the right; gives the width they take."""
        taken = 0
        if entry.keys:
            taken = round(caps_width(font, [entry.keys]))
            top = area.top() + (area.height() - cap_height(font)) / 2
            words = theme.current().text
            draw_caps(painter, QPointF(area.right() - taken, top), font, [entry.keys], words)
            taken += 12
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(quiet)
        room = area.adjusted(0, 0, -taken, 0)
        painter.drawText(room, _RIGHT, entry.detail)
        return taken + metrics.horizontalAdvance(entry.detail) + 12

    def _text(
        self, painter: QPainter, area: QRect, font: QFont, entry: Entry, words: QColor
    ) -> None:
        """The text letter run by letter run: those that were typed in bold."""
        bold = QFont(font)
        bold.setWeight(QFont.Weight.Bold)
        shown = QFontMetrics(bold).elidedText(
            entry.text, Qt.TextElideMode.ElideRight, max(area.width(), 0)
        )
        painter.setPen(words)
        x, typed = area.left(), set(entry.positions)
        for start, stop in runs(shown, typed):
            painter.setFont(bold if start in typed else font)
            piece = shown[start:stop]
            painter.drawText(
                QRect(x, area.top(), area.right() - x + 1, area.height()), _LEFT, piece
            )
            x += painter.fontMetrics().horizontalAdvance(piece)


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def runs(text: str, typed: set[int]) -> list[tuple[int, int]]:
    """Stretches of a text in which all letters were typed, or none."""
    edges = [0]
    edges += [at for at in range(1, len(text)) if (at in typed) != (at - 1 in typed)]
    return list(zip(edges, [*edges[1:], len(text)], strict=True))
