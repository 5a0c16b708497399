"""Messages and offers over the views. Never modal; can be dismissed."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton

from app.engine_texts import translated
from app.language import tr
from engine.pipeline.status import PipelineStatus

NOTICE = 10_000  # ms that a line is shown which nobody has to act on


class Banner(QFrame):
    log_wanted = pyqtSignal()

    def __init__(self, dismiss: QAction) -> None:
        """dismiss: whose icon the button has that puts it away."""
        super().__init__()
        self.setObjectName("banner")
        self._from_pipeline = ""
        self._label = QLabel()
        self._label.setWordWrap(True)
        self.show_log = QPushButton(tr("Show log"))
        self.show_log.clicked.connect(self.log_wanted)
        self._notice = QTimer(self)
        self._notice.setSingleShot(True)
        self._notice.timeout.connect(self.hide)
        self.away = _away(self, dismiss, tr("Put away"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(self._label, stretch=1)
        row.addWidget(self.show_log)
        row.addWidget(self.away)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown, empty when nothing is."""
        return "" if self.isHidden() else self._label.text()

    def tell(self, message: str) -> None:
        """Show one line for a while, the engine's or a translated one."""
        self._show(message)
        self._notice.start(NOTICE)

    def end_notice(self) -> None:
        """Put away what ``tell`` said."""
        if self._notice.isActive():
            self.hide()

    def _show(self, message: str) -> None:
        self._notice.stop()
        self._label.setText(translated(message))
        self.show_log.hide()
        self.setVisible(bool(message))

    def tell_error(self, message: str) -> None:
        """Show one line on which the log has more, until it is put away."""
        self._show(message)
        self.show_log.show()

    def show_status(self, status: PipelineStatus) -> None:
        """Follow what the pipeline says; what was put away stays away until that changes."""
        message = status.message or status.skipped or status.note
        if message != self._from_pipeline:
            self._from_pipeline = message
            show = self.tell_error if status.message else self._show
            show(message)


class Offer(QFrame):
    """One line with a button that does something about it."""

    def __init__(self, put_away: QAction) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._label, self.button = QLabel(), QPushButton()
        self._label.setWordWrap(True)
        self._accept: Callable[[], None] = self.hide
        self.button.clicked.connect(self._take)
        away = _away(self, put_away, tr("Not now"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(self._label, stretch=1)
        row.addWidget(self.button)
        row.addWidget(away)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown, empty when nothing is."""
        return "" if self.isHidden() else self._label.text()

    def make(self, text: str, button: str, accept: Callable[[], None]) -> None:
        """Show ``text``; ``accept`` is called when the button is pressed, and the line goes."""
        self._label.setText(text)
        self.button.setText(button)
        self._accept = accept
        self.show()

    def _take(self) -> None:
        self.hide()
        self._accept()


def _away(owner: QFrame, dismiss: QAction, tip: str) -> QToolButton:
    """A button that puts the owner away, and nothing else, as the key may."""
    button = QToolButton()
    button.setIcon(dismiss.icon())
    dismiss.changed.connect(lambda: button.setIcon(dismiss.icon()))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.clicked.connect(owner.hide)
    return button
