"""The pieces panels are made of: cards, lists, sliders, labels. Know nothing of poses."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction, QResizeEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from app.theme import fixed_font, styled


class Card(QFrame):
    """A titled box; what belongs in it goes into ``rows``."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(14, 9, 14, 11)
        self.rows.setSpacing(7)
        self.rows.addWidget(styled(QLabel(title.upper()), "card_title"))

    def add_row(self, *widgets: QWidget) -> None:
        """Side by side, the first as wide as there is room."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for place, widget in enumerate(widgets):
            row.addWidget(widget, stretch=int(place == 0))
        self.rows.addLayout(row)

    @staticmethod
    def _mark(widget: QWidget, name: str, value: bool) -> None:
        """Set a property that the style sheet knows; it looks at one only when told to."""
        widget.setProperty(name, value)
        style = widget.style()
        assert style is not None
        style.polish(widget)


def action_button(action: QAction, title: str) -> QPushButton:
    button = QPushButton(title)
    button.setToolTip(action.toolTip())
    button.clicked.connect(action.trigger)
    return button


class ShareSlider(QWidget):
    """A slider from 0 to 1 with its name and its value."""

    value_changed = pyqtSignal(float)

    def __init__(self, name: str, value: float, tip: str) -> None:
        super().__init__()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 100)
        self._slider.setAccessibleName(name)
        self._figure = styled(QLabel(), "muted")
        self._figure.setFont(fixed_font())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(QLabel(name), stretch=1)
        head.addWidget(self._figure)
        column.addLayout(head)
        column.addWidget(self._slider)
        self.setToolTip(tip)
        self._slider.valueChanged.connect(self._tell)
        self.set_value(value)
        self._tell()

    @property
    def value(self) -> float:
        return self._slider.value() / 100

    def set_value(self, value: float) -> None:
        self._slider.setValue(round(value * 100))

    def _tell(self) -> None:
        self._figure.setText(f"{self._slider.value():3d} %")
        self.value_changed.emit(self.value)


class Choices(QComboBox):
    """A list as narrow as its card asks; an entry that does not fit ends in an ellipsis."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def initStyleOption(self, option: QStyleOptionComboBox | None) -> None:  # noqa: N802
        super().initStyleOption(option)
        style = self.style()
        assert option is not None
        assert style is not None
        field = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        right = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(option.currentText, right, field.width())


class ElidedLabel(QLabel):
    """One line that is cut in the middle where it does not fit; the tooltip has it whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("muted")
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        if text != self._whole:
            self._whole = text
            self.setToolTip(text)
            self._cut()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        middle = Qt.TextElideMode.ElideMiddle
        self.setText(self.fontMetrics().elidedText(self._whole, middle, self.width()))
