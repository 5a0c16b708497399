"""The buttons and the position of a replay. Plays nothing itself."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtGui import QAction, QResizeEvent
from PyQt6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QMenu, QToolButton

from app.language import tr
from app.theme import set_figure_size, styled
from app.views.angles_view import kinds, title
from app.views.time_axis import clock
from engine.session.playback import SPEEDS

BUTTONS = ("first", "frame_back", "play", "frame_forward", "last", "loop")
FIRST_CHOICE = ("knee_flexion",)
TIMES = "0:00:00.00 / 0:00:00.00"
FRAMES = "   frame 000 000 / 000 000"  # beside the times, where there is room


class Transport(QFrame):
    speed_chosen = pyqtSignal(float)
    angles_chosen = pyqtSignal(tuple)  # kinds, as the timeline takes them

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("strip")
        self._place = QLabel()
        self._texts = ("", "")  # of the place: the times; the times and the frames
        self._has_room = True  # for the frames
        self.speeds = QComboBox()
        self.speeds.setAccessibleName(tr("Speed"))
        for speed in SPEEDS:
            self.speeds.addItem(f"{speed:g}×", speed)
        self.speeds.setCurrentIndex(SPEEDS.index(1.0))
        self.speeds.currentIndexChanged.connect(lambda row: self.speed_chosen.emit(SPEEDS[row]))
        self.angles = self._make_menu()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(4)
        for name in BUTTONS:
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setIconSize(QSize(20, 20))
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.speeds)
        row.addSpacing(12)
        row.addWidget(self._place)
        row.addStretch(1)
        row.addWidget(self.angles)

    def _make_menu(self) -> QToolButton:
        button = styled(QToolButton(), "menu")
        button.setText(tr("Angles shown"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for kind in kinds():
            choice = QAction(title(kind), menu)
            choice.setData(kind)
            choice.setCheckable(True)
            choice.setChecked(kind in FIRST_CHOICE)
            choice.toggled.connect(lambda _: self.angles_chosen.emit(self.chosen_angles))
            menu.addAction(choice)
        button.setMenu(menu)
        return button

    @property
    def chosen_angles(self) -> tuple[str, ...]:
        menu = self.angles.menu()
        assert menu is not None
        return tuple(choice.data() for choice in menu.actions() if choice.isChecked())

    def change_speed(self, steps: int) -> None:
        """Along the list, as far as it goes."""
        row = self.speeds.currentIndex() + steps
        self.speeds.setCurrentIndex(min(max(row, 0), len(SPEEDS) - 1))

    def set_position(
        self, seconds: float, duration: float, frame: int, last: int, source_frame: int
    ) -> None:
        """frame, last: as the take counts them, from 0; source_frame: as its source counted."""
        times = f"{clock(seconds)} / {clock(duration)}"
        both = tr("{}   frame {:,} / {:,}").format(times, frame, last).replace(",", " ")
        self._texts = (times, both)
        self._place.setText(self._texts[self._has_room])
        self._place.setToolTip(tr("Frame {} of the source").format(source_frame))

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        """Leave the frames out where they have no room."""
        super().resizeEvent(event)
        set_figure_size(self._place, len(TIMES + FRAMES))
        self._has_room = self._row.minimumSize().width() <= self.width()
        if not self._has_room:
            set_figure_size(self._place, len(TIMES))
        self._place.setText(self._texts[self._has_room])
