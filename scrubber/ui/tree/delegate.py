"""Draws a session as two lines: its title, and what it is in few words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from scrubber.core.ages import age, count
from scrubber.core.notes import VERDICTS
from scrubber.core.track import Lane
from scrubber.core.visible import visible
from scrubber.models.tree_rows import Role
from scrubber.ui import theme
from scrubber.ui.tree.states import State, paint_state, state_of

if TYPE_CHECKING:
    from scrubber.core.session import Session

_PAD = 6
_ICON = 16
_SIGN = 11
_LIVE_MS = 2 * 60 * 1000

_ICONS = {"fork": "fork", "subagent": "subagent", "continuation": "continue"}


class SessionDelegate(QStyledItemDelegate):
    """Rows of one height: icon, title, and below it format, model, size, and age or state."""

    _state: State | None = None

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Two lines of text with some air."""
        big, small = QFontMetrics(option.font), QFontMetrics(_small(option.font))
        return QSize(120, big.height() + small.height() + 2 * _PAD + 2)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one row."""
        session: Session | None = index.data(Role.SESSION)
        if session is None:
            return
        painter.save()
        look = theme.current()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Highlight))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, look.surface)
        words = option.palette.color(
            QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        )
        area = option.rect.adjusted(4, _PAD, -8, -_PAD)
        self._icon(painter, area, session, words if selected else _tint(session, look))
        area.setLeft(area.left() + _ICON + 7)
        self._state = state_of(session, index.data(Role.RUN))
        self._lines(painter, area, option.font, session, words, words if selected else look.muted)
        painter.restore()

    def _icon(self, painter: QPainter, area: QRect, session: Session, colour: QColor) -> None:
        name = _ICONS.get(session.relation, "session")
        ratio = painter.device().devicePixelRatioF()
        drawn = theme.pixmap(name, colour.name(), _ICON, ratio)
        line = QFontMetrics(painter.font()).height()
        painter.drawPixmap(area.left(), area.top() + (line - _ICON) // 2, drawn)

    def _lines(
        self,
        painter: QPainter,
        area: QRect,
        font: QFont,
        session: Session,
        words: QColor,
        quiet: QColor,
    ) -> None:
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(words)
        title = visible(session.title).replace("\n", " ") or "untitled"
        top = QRect(area.left(), area.top(), area.width(), metrics.height())
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, top.width())
        painter.drawText(top, int(Qt.AlignmentFlag.AlignVCenter), shown)
        self._second_line(painter, area, metrics.height() + 2, _small(font), session, quiet)

    def _second_line(
        self,
        painter: QPainter,
        area: QRect,
        down: int,
        font: QFont,
        session: Session,
        quiet: QColor,
    ) -> None:
        metrics = QFontMetrics(font)
        line = QRect(area.left(), area.top() + down, area.width(), metrics.height())
        painter.setFont(font)
        now = time.time_ns() // 1_000_000
        live = session.relation == "root" and now - session.updated < _LIVE_MS
        state = self._state
        right = state.word if state else "● live" if live else age(session.updated, now)
        loud = state.colour(theme.current()) if state else theme.current().accent
        told = (state is not None or live) and quiet == theme.current().muted
        painter.setPen(loud if told else quiet)
        painter.drawText(
            line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), right
        )
        line.setRight(line.right() - metrics.horizontalAdvance(right) - 6)
        if state is not None:
            place = QRectF(line.right() - _SIGN, line.center().y() - _SIGN / 2, _SIGN, _SIGN)
            paint_state(painter, state, place, loud if told else quiet)
            line.setRight(line.right() - _SIGN - 4)
        painter.setPen(quiet)
        text = metrics.elidedText(facts(session), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), text)


def facts(session: Session) -> str:
    """What a session is, in few words."""
    parts = [count(session.events, "event")]
    if session.relation == "fork" and session.forked_at is not None:
        parts.insert(0, f"at {session.forked_at:,}")
    written = [f"⚑ {visible(label)}" for label in session.labels]
    if session.verdict:
        written.insert(0, f"{VERDICTS.get(session.verdict, '?')} {session.verdict}")
    parts[:0] = written
    if session.errors:
        parts.append(f"✗ {session.errors}")
    if session.relation == "root":
        parts.append(session.format)
    if session.model:
        parts.append(short_model(session.model))
    return " · ".join(parts)


def short_model(model: str) -> str:
    """A model's name without its maker and its date."""
    words = model.split("/")[-1].removeprefix("claude-").split("-")
    return "-".join(word for word in words if not (len(word) == 8 and word.isdigit()))


def _small(font: QFont) -> QFont:
    smaller = QFont(font)
    if font.pointSizeF() > 0:
        smaller.setPointSizeF(font.pointSizeF() * 0.87)
    else:
        smaller.setPixelSize(max(9, round(font.pixelSize() * 0.87)))
    return smaller


def _tint(session: Session, look: theme.Theme) -> QColor:
    if session.relation == "fork":
        return look.accent
    if session.relation == "subagent":
        return look.lane(Lane.SUBAGENTS)
    return look.muted
