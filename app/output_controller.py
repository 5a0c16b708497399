"""What leaves the window: live out, screenshots, and folders or the log opened in the desktop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from PyQt6.QtCore import QObject, QUrl
from PyQt6.QtGui import QDesktopServices

from app.export_dialog import ExportDialog
from app.job import Jobs
from app.language import tr
from app.logs import log_file
from app.main_window import MainWindow
from app.takes_dialog import TakesDialog
from engine.live_out.message import LiveOutError
from engine.live_out.sender import LiveOut, open_live_out, parse_address
from engine.pipeline.pipeline import Pipeline


class OutputController(QObject):
    def __init__(
        self,
        window: MainWindow,
        pipeline: Pipeline,
        jobs: Jobs,
        dialogs: Iterable[ExportDialog | TakesDialog],
    ) -> None:
        """dialogs: those that offer to show a folder."""
        super().__init__()
        self._window, self._pipeline, self._jobs = window, pipeline, jobs
        window.live_out.wanted.connect(self._send_live)
        window.actions_by_name["screenshot"].triggered.connect(self._save_picture)
        window.banner.log_wanted.connect(self._show_log)
        window.recording.folder_shown.connect(self._show_folder)
        for dialog in dialogs:
            dialog.folder_wanted.connect(self._show_folder)

    def _send_live(self, osc: str | None, websocket: str | None) -> None:
        known = [self._checked(address) for address in (osc, websocket)]
        if known != [osc, websocket]:  # what is sent goes on
            self._window.live_out.show_addresses(*known)
            return

        def work(_: object) -> LiveOut | None:
            self._pipeline.set_live_out(None)  # the ports must be free
            return open_live_out(osc, websocket)

        panel = self._window.live_out
        panel.setEnabled(False)
        job = self._jobs.run(work, self._pipeline.set_live_out, self._tell_not_sent)
        job.ended.connect(lambda: panel.setEnabled(True))

    def _checked(self, address: str | None) -> str | None:
        """The address; None for one that makes no sense, which is told."""
        try:
            if address is not None:
                parse_address(address)
        except LiveOutError as error:
            self._window.banner.tell_error(str(error))
            return None
        return address

    def _tell_not_sent(self, message: str) -> None:
        self._window.banner.tell_error(message)
        self._window.live_out.show_addresses(None, None)

    def _save_picture(self) -> None:
        path = self._window.recording.folder / f"{_now()}.png"
        self._window.banner.end_notice()
        saved = _make_folder(path.parent) and self._window.grab().save(str(path))
        self._window.banner.tell(
            tr("Saved {}.").format(path) if saved else tr("{} could not be written.").format(path)
        )

    def _show_folder(self, folder: Path) -> None:
        if not (_make_folder(folder) and _show_outside(folder)):
            self._window.banner.tell(tr("{} cannot be shown.").format(folder))

    def _show_log(self) -> None:
        """The file, or its folder where the desktop has no program for it."""
        file = log_file()
        if not (file.is_file() and (_show_outside(file) or _show_outside(file.parent))):
            self._window.banner.tell(tr("{} cannot be shown.").format(file))


def _make_folder(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True


def _show_outside(path: Path) -> bool:
    """Open it in the desktop's program for such files; returns whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _now() -> str:
    return datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
