"""What the session used up to the playhead: tokens, cost and time, as charts and as sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from scrubber.core.ages import amount, count, span
from scrubber.core.usage import sums
from scrubber.core.usage.words import dollars
from scrubber.ui import theme
from scrubber.ui.inspector.budget_bar import Legend
from scrubber.ui.inspector.chart import Chart
from scrubber.ui.inspector.labels import UNIT, Value, strong
from scrubber.ui.inspector.page import Page
from scrubber.ui.inspector.row_view import RowView
from scrubber.ui.inspector.switch import Switch
from scrubber.ui.inspector.usage_rows import (
    Charts,
    charts_of,
    cost_words,
    rows_of,
    time_parts,
    token_parts,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from scrubber.api import OpenStore
    from scrubber.api.usage import Used
    from scrubber.core.usage.account import Account
    from scrubber.core.usage.sums import Sum
    from scrubber.models.library import Library
    from scrubber.models.row_list import ListRow, Rows
    from scrubber.ui.inspector.page import Reader

_ROOMY_LINES = 22
"""So many lines of text high are three charts, their words, and some rows."""

TURNS, MODELS, TOOLS, ANSWERS = range(4)
"""What the switch chooses from."""


@dataclass(frozen=True, slots=True)
class UsageLook:
    """What is shown of an account."""

    used: Used
    total: Sum
    charts: Charts
    rows: Rows


class UsagePage(Page):
    """Charts along the whole session; sums and rows of what lies in front of the playhead."""

    name, icon, is_slow = "Usage", "usage", True

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(library, parent)
        self.look: UsageLook | None = None
        """What is shown."""
        self._charts: tuple[Account, int, Charts] | None = None
        self.tokens = Chart("Tokens of an answer", lambda n: amount(round(n)), self)
        self.cost = Chart("Cost", lambda n: dollars(round(n * 1e6)), self)
        self.time = Chart("Time", lambda n: span(round(n)), self)
        self.headings = [Heading(name, self) for name in ("Tokens", "Cost", "Time")]
        self.parts, self.times = Legend(self), Legend(self)
        self.switch = Switch("Usage by", ("Turns", "Models", "Tools", "Answers"), self)
        self.rows = RowView("Usage", self)
        self._lay_out()
        for chart in (self.tokens, self.cost, self.time):
            chart.index_wanted.connect(self.index_wanted)
        self.switch.changed.connect(self._on_switched)
        self.rows.chosen.connect(self._on_chosen)

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setSpacing(UNIT // 2)
        charts = (self.tokens, self.cost, self.time)
        for heading, chart, legend in zip(
            self.headings, charts, (self.parts, None, self.times), strict=True
        ):
            top.addWidget(heading)
            top.addWidget(chart)
            if legend is not None:
                top.addWidget(legend)
            top.addSpacing(UNIT // 2)
        top.addWidget(self.switch)
        self.lay_out(top, self.rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, sums stay, and one chart: three would be cut to nothing."""
        super().resizeEvent(event)
        roomy = self.height() >= _ROOMY_LINES * self.fontMetrics().height()
        for part in (self.cost, self.time, self.times):
            part.setVisible(roomy)

    def reader(self) -> Reader:
        """The account, and the rows that are chosen; charts only where the session has grown."""
        view, known = self.switch.current, self._charts

        def read(store: OpenStore, session: str, index: int) -> UsageLook:
            used = store.usage(session, index)
            charts = known[2] if known is not None and known[0] is used.whole else None
            length = store.session(session).events
            if charts is None or charts.tokens.length != length:
                charts = charts_of(used.whole, length)
            return UsageLook(used, sums.total(used.upto), charts, rows_of(used, view))

        return read

    def show_found(self, found: UsageLook) -> None:
        """Show another account, or the same with the playhead elsewhere."""
        self.look, total, index = found, found.total, found.used.index
        self._charts = found.used.whole, index, found.charts
        answers = f"{amount(total.usage.total)} in {count(total.answers, 'answer')}"
        told = (
            answers if total.answers else "not recorded",
            cost_words(total),
            span(total.model_ms + total.tool_ms),
        )
        charts = (self.tokens, self.cost, self.time)
        series = (found.charts.tokens, found.charts.cost, found.charts.time)
        for heading, chart, one, words in zip(self.headings, charts, series, told, strict=True):
            heading.show_text(words)
            chart.show_series(one, index, words)
        self.parts.show_parts(token_parts(total))
        self.times.show_parts(time_parts(total))
        self.rows.show_rows(found.rows, follow=self.switch.current in (TURNS, ANSWERS))

    def _on_switched(self) -> None:
        self.stale.emit()

    def _on_chosen(self, row: ListRow) -> None:
        if row.target is not None:
            self.index_wanted.emit(row.target)


class Heading(QWidget):
    """The name of a chart, and its sum up to the playhead."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self.value = QLabel(name, self), Value(self, Qt.TextElideMode.ElideRight)
        self._name.setFont(strong(self.font()))
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name)
        row.addWidget(self.value, 1)
        self._tint()

    def show_text(self, words: str) -> None:
        """Show another sum."""
        self.value.show_text(words)

    def _tint(self) -> None:
        self.value.set_colour(theme.current().muted)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
