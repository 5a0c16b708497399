"""The window: arranges views and panels and applies the theme. No data passes through it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PyQt6.QtCore import QByteArray, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.commands import COMMANDS, CheatSheet, Mode, make_actions, set_mode
from app.export_dialog import ExportDialog
from app.panels.backbone_panel import BackbonePanel
from app.panels.banner import Banner, Offer
from app.panels.guide import Guide
from app.panels.lifter_panel import LifterPanel
from app.panels.live_out_panel import LiveOutPanel
from app.panels.performance_strip import PerformanceStrip
from app.panels.picture_panel import PicturePanel
from app.panels.program_panel import ProgramPanel
from app.panels.recording_panel import RecordingPanel
from app.panels.room_panel import RoomPanel
from app.panels.session_panel import SessionPanel
from app.panels.source_panel import SourcePanel
from app.panels.transport import Transport
from app.settings import Settings
from app.theme import DARK, LIGHT, THEMES, apply_theme, icon, styled
from app.view_area import ViewArea
from app.views.angles_view import AnglesView
from app.views.skeleton_view import SkeletonView
from app.views.timeline import Timeline
from app.views.video_view import VideoView
from app.window_geometry import first_place, place_on

SIZE, SMALLEST = QSize(1280, 800), QSize(360, 280)
NARROW = 700  # pixels of a screen on which the panels are hidden at first
COLUMN_WIDTH = 308
TURN, ZOOM = 10.0, 1.15  # degrees, and of the distance, with each press of a key
TITLE = "Sandglass"
TOOLS = (
    *("takes", "open_session", "live", "pause", "mirror", "angles", "screenshot", "fullscreen"),
    *("arrangement", "theme", "help", "panels"),
)


class MainWindow(QMainWindow):
    closing = pyqtSignal()
    dropped = pyqtSignal(Path)  # a file or folder

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setMinimumSize(SMALLEST)
        self.theme = THEMES[settings.theme]
        self.actions_by_name = make_actions(self)
        self._make_parts(settings)
        self._arrange()
        self._connect(settings)
        self.set_mode("live")
        self.setAcceptDrops(True)
        self.set_theme(self.theme.name)
        self._take_place(settings.geometry)
        self.source.list.setFocus()

    def _take_place(self, geometry: str) -> None:
        """Put the window where it was, if that screen is there; at first, fit it to the screen."""
        main = self.screen() or QApplication.primaryScreen()
        assert main is not None
        free = [main, *(screen for screen in QApplication.screens() if screen is not main)]
        rooms = [screen.availableGeometry() for screen in free]
        if self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            self.setGeometry(place_on(rooms, self.geometry()))
        else:
            self.setGeometry(first_place(SIZE, rooms[0]))
            if rooms[0].width() < NARROW:
                self.actions_by_name["panels"].setChecked(False)

    def _make_parts(self, settings: Settings) -> None:
        actions, threshold = self.actions_by_name, settings.threshold
        actions["mirror"].setChecked(settings.mirror)
        actions["uncertainty"].setChecked(settings.uncertainty)
        self.video = VideoView(threshold, settings.mirror)
        self.skeleton = SkeletonView(self.theme, actions["reset_view"], threshold, settings.mirror)
        self.angles = AnglesView(threshold)
        self.views = (self.video, self.skeleton, self.angles)
        self.banner, self.offer = Banner(actions["dismiss"]), Offer(actions["dismiss"])
        self.source, self.backbone, self.lifter = SourcePanel(), BackbonePanel(), LifterPanel()
        self.picture = PicturePanel(
            settings.people,
            settings.smoothing,
            threshold,
            actions["mirror"],
            actions["uncertainty"],
        )
        self.room = RoomPanel(actions["level"])
        folder = Path(settings.record_folder)
        self.recording = RecordingPanel(
            folder, settings.record_video, settings.countdown, actions["record"]
        )
        self.live_out, self.performance = LiveOutPanel(), PerformanceStrip()
        self.program = ProgramPanel(actions)
        self.session, self.transport = SessionPanel(actions), Transport(actions)
        self.timeline = Timeline(self.theme)
        self._cheat_sheet = CheatSheet(self)
        self.export_dialog = ExportDialog(self, settings.export_format, settings.export_folder)
        self.guide, self.guided = Guide(), settings.guided
        self.area = ViewArea(self.video, self.skeleton, (self.guide, self.banner, self.offer))

    def _arrange(self) -> None:
        self._toolbar, self._column = self._make_toolbar(), self._make_column()
        self.skeleton.add_corner(self.angles)
        middle, body = QHBoxLayout(), QWidget()
        column = QVBoxLayout(body)
        _tight(middle, self.area, self._column)
        middle.setStretch(0, 1)
        _tight(column, self._toolbar)
        column.addLayout(middle, stretch=1)
        for strip in (self.transport, self.timeline, self.performance):
            strip.setMinimumWidth(1)  # what does not fit is cut off, and holds up no small window
            column.addWidget(strip)
        self.setCentralWidget(body)

    def _make_toolbar(self) -> QToolBar:
        """Tools that do not fit go into the toolbar's own menu."""
        bar, space = styled(QToolBar(), "toolbar"), QWidget()
        bar.setIconSize(QSize(20, 20))
        logo = QLabel()
        logo.setPixmap(icon("sandglass", self.theme.text).pixmap(22, 22))
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        parts = (logo, styled(QLabel(TITLE), "title"), self.recording.tool, space)
        _, _, self._record_tool, _ = (bar.addWidget(part) for part in parts)
        for name in TOOLS:
            bar.addAction(self.actions_by_name[name])
        return bar

    def _make_column(self) -> QScrollArea:
        cards = styled(QWidget(), "column")
        rows = QVBoxLayout(cards)
        rows.setContentsMargins(12, 10, 12, 10)
        rows.setSpacing(10)
        live = (self.picture, self.room, self.recording, self.live_out)
        for panel in (self.session, self.source, self.backbone, self.lifter, *live):
            rows.addWidget(panel)
        rows.addWidget(self.program)
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidget(cards)
        area.setWidgetResizable(True)
        area.setFixedWidth(COLUMN_WIDTH)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _connect(self, settings: Settings) -> None:
        """What concerns only the window itself."""
        actions = self.actions_by_name
        for view in self.views:
            self.picture.threshold.value_changed.connect(view.set_threshold)
        for view in (self.video, self.skeleton):
            actions["mirror"].toggled.connect(view.set_mirror)
        actions["uncertainty"].toggled.connect(self.skeleton.set_uncertainty)
        self.skeleton.set_uncertainty(settings.uncertainty)
        actions["angles"].toggled.connect(self.angles.setVisible)
        actions["angles"].setChecked(settings.angles)
        self.angles.setVisible(settings.angles)
        actions["reset_view_live"].triggered.connect(self.skeleton.reset_view)
        actions["from_above"].triggered.connect(self.skeleton.look_from_above)
        for name, across, up in (("left", -1, 0), ("right", 1, 0), ("up", 0, 1), ("down", 0, -1)):
            turn = actions[f"turn_{name}"].triggered
            turn.connect(lambda _, a=across, u=up: self.skeleton.turn(TURN * a, TURN * u))
        for name, factor in (("nearer", 1 / ZOOM), ("farther", ZOOM)):
            actions[name].triggered.connect(lambda _, f=factor: self.skeleton.zoom(f))
        self.video.frame_painted.connect(self.performance.frame_painted)
        actions["pause"].toggled.connect(self.video.set_paused)
        actions["panels"].toggled.connect(self._column.setVisible)
        actions["panels"].setChecked(settings.panels)
        self._column.setVisible(settings.panels)
        self.area.set_arrangement(settings.arrangement)
        self.program.arrangement_chosen.connect(self.area.set_arrangement)
        self.program.select_arrangement(settings.arrangement)
        self.program.select_language(settings.language)
        actions["arrangement"].triggered.connect(self.program.next_arrangement)
        self.recording.take_shown.connect(self._show_take)
        actions["fullscreen"].toggled.connect(self._show_video_alone)
        actions["next_person"].triggered.connect(self.video.choose_next)
        actions["theme"].triggered.connect(self._other_theme)
        actions["guide"].triggered.connect(self.guide.begin)
        self.guide.left.connect(self._remember_guide)
        actions["help"].triggered.connect(self._cheat_sheet.show)
        actions["open_file"].triggered.connect(self.source.ask_file)
        actions["quit"].triggered.connect(self.close)
        for row in range(9):
            choose = actions[f"backbone_{row + 1}"].triggered
            choose.connect(lambda _, row=row: self.backbone.choose_row(row))

    def set_theme(self, name: str) -> None:
        self.theme = THEMES[name]
        apply_theme(cast(QApplication, QApplication.instance()), self.theme)
        for view in (self.skeleton, self.timeline):
            view.set_theme(self.theme)
        for command in COMMANDS:
            if command.icon:
                shown = icon(command.icon, self.theme.muted, command.icon_on)
                self.actions_by_name[command.name].setIcon(shown)

    def _other_theme(self) -> None:
        self.set_theme((LIGHT if self.theme is DARK else DARK).name)

    def set_mode(self, mode: Mode) -> None:
        """Arrange the window for the live picture or for a replay."""
        self._mode = mode
        set_mode(self.actions_by_name, mode)
        self.actions_by_name["pause"].setChecked(False)
        self.video.clear(live=mode == "live")
        if self._record_tool:
            self._record_tool.setVisible(mode == "live")
        self._show_parts()
        if mode == "replay":
            self.guide.hide()
            self.timeline.setFocus()

    def _show_parts(self) -> None:
        replay, alone = self._mode == "replay", self.actions_by_name["fullscreen"].isChecked()
        live = (self.source, self.backbone, self.lifter, self.room, self.recording, self.live_out)
        for panel in live:
            panel.setVisible(not replay)
        self.session.setVisible(replay)
        self.picture.people.setVisible(not replay)
        self._toolbar.setVisible(not alone)
        self.area.set_picture_alone(alone)
        self.performance.setVisible(not (alone or replay))
        for part in (self.transport, self.timeline):
            part.setVisible(replay and not alone)

    def _show_video_alone(self, alone: bool) -> None:
        self._show_parts()
        self._column.setVisible(not alone and self.actions_by_name["panels"].isChecked())
        full = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | full if alone else self.windowState() & ~full)

    def _remember_guide(self) -> None:
        self.guided = True

    def _show_take(self, clock: str) -> None:
        """Show a running take in title, task bar and around the views; empty: none."""
        self.setWindowTitle(f"● {clock} – {TITLE}" if clock else TITLE)
        self.setWindowIcon(icon("record" if clock else "sandglass", self.theme.text))
        self.area.show_take(bool(clock))

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:  # noqa: N802
        assert event is not None
        if (data := event.mimeData()) and any(url.isLocalFile() for url in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:  # noqa: N802
        assert event is not None
        if data := event.mimeData():
            self.dropped.emit(next(Path(u.toLocalFile()) for u in data.urls() if u.isLocalFile()))

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802
        self.actions_by_name["fullscreen"].setChecked(False)
        self.hide()
        self.closing.emit()
        super().closeEvent(event)


def _tight(layout: QBoxLayout, *widgets: QWidget) -> None:
    """Put the widgets into the layout with no room between."""
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
