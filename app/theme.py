"""How the window looks: two sets of colours, one style sheet, tinted icons. Knows no views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Template
from typing import TypeVar

from PyQt6.QtCore import QByteArray, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PyQt6.QtSvg import QSvgRenderer
from PyQt6.QtWidgets import QApplication, QLabel, QWidget

from engine.models.model_spec import ASSETS
from engine.overlay import SIDE_COLOURS

W = TypeVar("W", bound=QWidget)

ICONS = ASSETS / "icons"


@dataclass(frozen=True)
class Theme:
    """Colours as ``#rrggbb``."""

    name: str
    window: str
    surface: str  # cards
    raised: str  # buttons, fields
    border: str
    text: str
    muted: str
    accent: str
    danger: str  # behind white
    warning: str  # words
    notice: str  # behind the banner
    scene: str  # behind the 3D skeleton
    grid: str
    sides: Mapping[str, str]  # of a skeleton: "left", "right", "middle"


# Blue and orange stay apart in every kind of colour blindness; the middle is told by lightness.
DARK = Theme(
    name="dark",
    window="#121419",
    surface="#1a1d24",
    raised="#262b35",
    border="#323947",
    text="#e7eaf0",
    muted="#929bac",
    accent="#2a76ca",
    danger="#d02f35",
    warning="#ff7b7e",
    notice="#2b2a1f",
    scene="#15181e",
    grid="#3a4252",
    sides=SIDE_COLOURS,
)
LIGHT = Theme(
    name="light",
    window="#eceef2",
    surface="#ffffff",
    raised="#f1f3f7",
    border="#d3d8e1",
    text="#1c2129",
    muted="#5d6778",
    accent="#1f6fc9",
    danger="#d6353b",
    warning="#c4272e",
    notice="#fff4d6",
    scene="#f6f7fa",
    grid="#c3cad6",
    sides={"left": "#1689ea", "right": "#d86c00", "middle": "#4b5464"},
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}

FONT_SIZE = 13  # pixels

_STYLE = Template("""
* { font-size: ${FONT_SIZE}px; }
QMainWindow, QDialog, #column, #toolbar, #strip { background: $window; color: $text; }
QLabel, QCheckBox { background: transparent; color: $text; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px; }
#muted { color: $muted; }
#muted[warning="true"] { color: $warning; font-weight: 600; }
#title { font-size: 15px; font-weight: 600; }
#card { background: $surface; border: 1px solid $border; border-radius: 10px; }
#card_title { color: $muted; font-size: 11px; font-weight: 600; }
#banner { background: $notice; border: none; border-bottom: 1px solid $border; }
#strip { border-top: 1px solid $border; }
#toolbar { border-bottom: 1px solid $border; }
#key { background: $raised; border: 1px solid $border; border-radius: 5px; padding: 2px 8px; }
#legend { background: transparent; color: $muted; font-size: 12px; }

QPushButton, QComboBox {
    background: $raised; color: $text; border: 1px solid $border; border-radius: 6px;
    padding: 5px 10px; min-height: 18px;
}
QPushButton:hover, QComboBox:hover, QPushButton:focus, QComboBox:focus { border-color: $accent; }
QPushButton:pressed { background: $border; }
QPushButton:disabled, QComboBox:disabled { color: $muted; }
#record { font-weight: 600; padding: 7px 10px; }
#record[running="true"] { background: $danger; border-color: $danger; color: #ffffff; }
QComboBox { padding: 5px 2px 5px 10px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url($icons/chevron.svg); width: 16px; height: 16px; }
QComboBox QAbstractItemView {
    background: $raised; color: $text; border: 1px solid $border; outline: none; padding: 3px;
    selection-background-color: $accent; selection-color: #ffffff;
}
QToolButton { background: transparent; border: none; border-radius: 6px; padding: 5px; }
QToolButton:hover { background: $raised; }
QToolButton:checked { background: $border; border: 1px solid $accent; padding: 4px; }
QToolButton:focus { border: 1px solid $accent; padding: 4px; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator {
    width: 15px; height: 15px; border: 1px solid $muted; border-radius: 4px; background: $raised;
}
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url($icons/check.svg);
}
QCheckBox::indicator:focus { border-color: $accent; }
QToolButton#menu { color: $text; padding: 5px 18px 5px 8px; }
QToolButton#menu::menu-indicator { subcontrol-position: right center; right: 4px; }
QMenu { background: $raised; color: $text; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 18px 5px 8px; }
QMenu::item:selected { background: $accent; color: #ffffff; }
QProgressBar {
    background: $border; border: none; border-radius: 3px; max-height: 6px; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider { min-height: 20px; background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
    background: $text; border: none;
}
QSlider::handle:horizontal:focus { background: $accent; }
QScrollArea { border: none; background: $window; }
QScrollBar:vertical { background: transparent; width: 8px; margin: 0; }
QScrollBar::handle:vertical { background: $border; border-radius: 4px; min-height: 30px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; }
QSplitter::handle { background: $border; }
QHeaderView::section { background: $raised; color: $muted; border: none; padding: 4px 8px; }
QTreeView::item { padding: 2px 8px; }
QLineEdit:disabled { color: $muted; }
QLineEdit {
    background: $raised; color: $text; border: 1px solid $border; border-radius: 6px; padding: 5px;
}
""")


def styled(widget: W, name: str) -> W:
    """Give a widget the name by which the style sheet knows it."""
    widget.setObjectName(name)
    return widget


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress every widget of the application."""
    colours = {key: value for key, value in vars(theme).items() if isinstance(value, str)}
    sheet = _STYLE.substitute(colours, FONT_SIZE=FONT_SIZE, icons=ICONS.as_posix())
    if app.styleSheet() != sheet:  # setting it, even the same, takes half of a window's start
        app.setStyle("Fusion")
        app.setPalette(_palette(theme))
        app.setStyleSheet(sheet)


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for roles, colour in (
        ((role.Window,), theme.window),
        ((role.Base, role.AlternateBase, role.ToolTipBase), theme.surface),
        ((role.Button,), theme.raised),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), theme.text),
        ((role.PlaceholderText,), theme.muted),
        ((role.Highlight, role.Link), theme.accent),
    ):
        for each in roles:
            palette.setColor(each, QColor(colour))
    return palette


@cache
def icon(name: str, colour: str, checked: str = "") -> QIcon:
    """``assets/icons/<name>.svg`` with its ``currentColor`` replaced; ``checked`` when it is."""
    found = QIcon(_pixmap(name, colour))
    if checked:
        found.addPixmap(_pixmap(checked, colour), state=QIcon.State.On)
    return found


def _pixmap(name: str, colour: str) -> QPixmap:
    source = (ICONS / f"{name}.svg").read_bytes().replace(b"currentColor", colour.encode())
    pixmap = QPixmap(QSize(64, 64))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source)).render(painter)
    painter.end()
    return pixmap


def set_figure_size(label: QLabel, characters: int) -> None:
    """Room for so many digits: a label of fixed size lays nothing out again when it changes."""
    label.setFont(fixed_font())
    metrics = label.fontMetrics()
    label.setFixedSize(metrics.horizontalAdvance("0" * characters), metrics.height())


def fixed_font() -> QFont:
    """Digits of one width, so that figures do not dance."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(FONT_SIZE)
    return font
