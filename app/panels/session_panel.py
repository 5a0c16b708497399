"""The card of a replayed session: facts, notes, results, and buttons for what can be done with it.

Emits what was asked for; reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
)

from app.language import later, tr
from app.panels.card import Card, Choices, ElidedLabel, action_button
from app.theme import styled
from engine.session.clean.person import CleanSettings

RERUN = later("Run the recorded video through this backbone; both results are kept")
NO_VIDEO = later("Only takes with video can be run again")
FIGURE_WIDTH = 66  # pixels; what Qt asks for would make the card wider than its column


class SessionPanel(Card):
    result_chosen = pyqtSignal(object)  # its name, None for the one that was recorded
    notes_changed = pyqtSignal(str)
    clean_wanted = pyqtSignal(bool)  # else the raw one
    rerun_wanted = pyqtSignal(str)  # backbone
    rerun_cancelled = pyqtSignal()

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__(tr("Session"))
        self._name, self._facts = ElidedLabel(), styled(QLabel(), "muted")
        self._facts.setWordWrap(True)
        self.results, self.backbones, self.notes = Choices(), Choices(), QLineEdit()
        self.results.setAccessibleName(tr("Result shown"))
        self.results.activated.connect(
            lambda row: self.result_chosen.emit(self.results.itemData(row))
        )
        self.clean = QCheckBox(tr("Clean"))
        self.clean.setToolTip(
            tr(
                "Swaps mended, gaps filled, smoothed without lag, bones of one length; "
                "beside the raw take, which stays"
            )
        )
        usual = CleanSettings()
        self.cutoff = _figure(tr("Cutoff of the smoothing"), " Hz", usual.cutoff, 0.5, 30.0, 0.5)
        self.fill = _figure(tr("Longest gap that is filled"), " s", usual.fill, 0.0, 10.0, 0.1)
        self.clean.toggled.connect(self.clean_wanted)
        for figure in (self.cutoff, self.fill):
            figure.valueChanged.connect(self._clean_anew)
        self.notes.setPlaceholderText(tr("Notes"))
        self.notes.setAccessibleName(tr("Notes"))
        self.notes.editingFinished.connect(self._tell_notes)
        self.notes.returnPressed.connect(self.notes.clearFocus)
        self._known_notes = ""
        self.backbones.setAccessibleName(tr("Backbone to run again with"))
        self.rerun = QPushButton(tr("Run again"))
        self.rerun.clicked.connect(self._ask_rerun)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress"))
        self.progress.setRange(0, 100)
        self.progress.hide()
        for widget in (self._name, self._facts, self.notes, self.results):
            self.rows.addWidget(widget)
        self.add_row(self.clean, self.cutoff, self.fill)
        self.add_row(self.backbones, self.rerun)
        self.rows.addWidget(self.progress)
        self.add_row(
            action_button(actions["export"], tr("Export…")),
            action_button(actions["live"], tr("Back to live")),
        )

    def show_session(
        self,
        name: str,
        facts: Sequence[str],
        notes: str,
        results: Mapping[str | None, str],
        has_video: bool,
    ) -> None:
        """results: name → title; None is the recorded one."""
        self.rerun.setEnabled(has_video or not self.progress.isHidden())  # or it cancels
        self.rerun.setToolTip(tr(RERUN if has_video else NO_VIDEO))
        self._tell_notes()  # of the session that was shown before
        self._name.set_text(name)
        self._facts.setText("\n".join(facts))
        self._known_notes = notes
        self.notes.setText(notes)
        self.results.clear()
        for result, title in results.items():
            self.results.addItem(title, result)

    def select(self, result: str | None, clean: bool, settings: CleanSettings) -> None:
        """Show a result as the chosen one, without choosing it; settings: of its clean one."""
        with (
            QSignalBlocker(self.results),
            QSignalBlocker(self.clean),
            QSignalBlocker(self.cutoff),
            QSignalBlocker(self.fill),
        ):
            self.results.setCurrentIndex(max(self.results.findData(result), 0))
            self.clean.setChecked(clean)
            self.cutoff.setValue(settings.cutoff)
            self.fill.setValue(settings.fill)

    @property
    def clean_settings(self) -> CleanSettings:
        return CleanSettings(self.cutoff.value(), self.fill.value())

    def _clean_anew(self) -> None:
        if self.clean.isChecked():
            self.clean_wanted.emit(True)

    def set_backbones(self, titles: Mapping[str, str]) -> None:
        self.backbones.clear()
        for name, title in titles.items():
            self.backbones.addItem(title, name)

    def show_progress(self, share: float | None) -> None:
        """The progress of a rerun; None when none is under way."""
        self.progress.setVisible(share is not None)
        self.progress.setValue(round(100 * (share or 0)))
        self.rerun.setText(tr("Run again") if share is None else tr("Cancel"))
        self.backbones.setEnabled(share is None)

    def show_cleaning(self, share: float | None) -> None:
        """None when no clean result is being made."""
        for widget in (self.clean, self.cutoff, self.fill):
            widget.setEnabled(share is None)

    def _ask_rerun(self) -> None:
        if not self.progress.isHidden():
            self.rerun_cancelled.emit()
        elif name := self.backbones.currentData():
            self.rerun_wanted.emit(name)

    def _tell_notes(self) -> None:
        if (notes := self.notes.text().strip()) != self._known_notes:
            self._known_notes = notes
            self.notes_changed.emit(notes)


def _figure(
    name: str, unit: str, value: float, low: float, high: float, step: float
) -> QDoubleSpinBox:
    """A number that emits when it is left or stepped, not at every key."""
    figure = QDoubleSpinBox()
    figure.setAccessibleName(name)
    figure.setToolTip(name)
    figure.setKeyboardTracking(False)
    figure.setDecimals(1)
    figure.setRange(low, high)
    figure.setSingleStep(step)
    figure.setSuffix(unit)
    figure.setMinimumWidth(FIGURE_WIDTH)
    figure.setValue(value)
    return figure
