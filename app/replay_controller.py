"""A session in the window: opens it, plays it, and goes back to the live picture.

Connects the replay with views and panels; what else can be done with a session is
``session_controller``'s.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from app.job import Job, Jobs
from app.language import tr
from app.main_window import MainWindow
from app.replay_bridge import ReplayBridge
from engine.session.playback import Playback
from engine.session.replay import Replay
from engine.space.joint_angles import ANGLES

TICK = 15  # ms: a little more often than a screen is refreshed


class ReplayController(QObject):
    opened = pyqtSignal(object)  # Replay: it is shown now
    left = pyqtSignal()  # nothing is replayed any more

    def __init__(self, window: MainWindow, jobs: Jobs) -> None:
        super().__init__()
        self._window, self._jobs = window, jobs
        self._bridge: ReplayBridge | None = None
        self._playback = Playback(0.0)
        self._shown = -1  # the frame that was asked for last
        self._opening: Job | None = None
        self._analysed: Replay | None = None
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._show_position)
        self._connect()

    @property
    def replay(self) -> Replay | None:
        """What is shown; None while the picture is live."""
        return self._bridge.replay if self._bridge else None

    def open(self, folder: Path, result: str | None = None, clean: bool = False) -> None:
        """Read a session in the background and show it; the last one that was asked for wins."""
        self.forget()
        self._opening = self._jobs.run(
            lambda _: Replay(folder, result, clean), self.show, self._window.banner.tell_error
        )

    def forget(self) -> None:
        """Do not show what is still being read."""
        if self._opening:
            self._opening.cancel()

    def show(self, replay: Replay) -> None:
        """Replay a session from now on; another result of the same one from the same moment."""
        same = self.replay is not None and self.replay.folder == replay.folder
        before = self._playback if same else None
        self._close()
        replay.smoothing = self._window.picture.smoothing.value
        self._bridge = ReplayBridge(replay)
        for view in self._window.views:
            self._bridge.result_ready.connect(view.show_result)
        self._bridge.result_ready.connect(self._show_place)
        self._playback = Playback(replay.duration)
        self._set_speed(self._window.transport.speeds.currentData())
        self._playback.loop = self._window.actions_by_name["loop"].isChecked()
        self._window.set_mode("replay")
        self._window.timeline.show_take(replay.times - replay.times[0], {}, {})
        if replay.warning:
            self._window.banner.tell(replay.warning)
        self._seek(before.position(_now()) if before else 0.0)
        self.opened.emit(replay)

    def leave(self) -> None:
        """Back to the live picture."""
        self.forget()
        if self._bridge:
            self._window.set_mode("live")
            self._close()
            self.left.emit()

    def close(self) -> None:
        self._close()

    def _close(self) -> None:
        self._set_playing(False)
        self._shown = -1
        if self._bridge:
            self._bridge.close()
            self._bridge = None

    def _analyse(self, replay: Replay) -> None:
        """Fill the timeline, in the background; ``replay`` is there already to be looked at."""
        self._analysed = replay
        self._jobs.run(lambda _: _analyse(replay), self._plot, _ignore)

    def _plot(self, replay: Replay) -> None:
        if replay is self.replay:
            times, beside = replay.times - replay.times[0], replay.angles_beside
            self._window.timeline.show_take(
                times,
                _by_name(replay.angles),
                replay.markers,
                None if beside is None else _by_name(beside),
                tr("faint: raw") if replay.clean else tr("faint: clean"),
            )

    # --- where it stands -----------------------------------------------------------------------

    def _connect(self) -> None:
        window, actions = self._window, self._window.actions_by_name
        window.timeline.sought.connect(self._seek)
        window.picture.smoothing.value_changed.connect(self._set_smoothing)
        window.transport.speed_chosen.connect(self._set_speed)
        window.transport.angles_chosen.connect(window.timeline.choose)
        window.timeline.choose(window.transport.chosen_angles)
        actions["play"].toggled.connect(self._set_playing)
        actions["loop"].toggled.connect(self._set_loop)
        actions["live"].triggered.connect(self.leave)
        for name, step in (("slower", -1), ("faster", 1)):
            actions[name].triggered.connect(lambda _, s=step: window.transport.change_speed(s))
        for name, frames in (("frame_back", -1), ("frame_forward", 1)):
            actions[name].triggered.connect(lambda _, n=frames: self._step(n))
        for name, forward in (("mark_back", False), ("mark_forward", True)):
            actions[name].triggered.connect(lambda _, f=forward: self._to_mark(f))
        for name, steps in (("zoom_out", -1), ("zoom_in", 1)):
            actions[name].triggered.connect(lambda _, s=steps: window.timeline.zoom(s))
        for name, seconds in (("second_back", -1.0), ("second_forward", 1.0)):
            actions[name].triggered.connect(
                lambda _, s=seconds: self._seek(self._playback.position(_now()) + s)
            )
        actions["first"].triggered.connect(lambda: self._seek(0.0))
        actions["last"].triggered.connect(lambda: self._seek(self._playback.duration))

    def _set_playing(self, playing: bool) -> None:
        self._window.actions_by_name["play"].setChecked(playing)
        if playing == self._playback.playing:
            return
        if playing:
            self._playback.play(_now())
            self._clock.start(TICK)
        else:
            self._playback.pause(_now())
            self._clock.stop()

    def _set_loop(self, loop: bool) -> None:
        self._playback.loop = loop

    def _set_speed(self, speed: float) -> None:
        self._playback.set_speed(speed, _now())

    def _set_smoothing(self, strength: float) -> None:
        if self._bridge:
            self._bridge.replay.smoothing = strength
            self._bridge.ask(self._shown)

    def _seek(self, seconds: float) -> None:
        self._playback.seek(seconds, _now())
        self._show_position()

    def _to_mark(self, forward: bool) -> None:
        if (seconds := self._window.timeline.next_mark(forward)) is not None:
            self._set_playing(False)
            self._seek(seconds)

    def _step(self, frames: int) -> None:
        """Step from the frame shown, and stop playing."""
        if self.replay:
            self._set_playing(False)
            t = min(max(self._shown + frames, 0), len(self.replay) - 1)
            self._seek(self.replay.time_of(t))

    def _show_position(self) -> None:
        if not (self._bridge and self.replay):
            return
        seconds = self._playback.position(_now())
        t = self.replay.index_at(seconds)
        if t != self._shown:
            self._shown = t
            self._bridge.ask(t)
        if not self._playback.playing:
            self._clock.stop()
            self._window.actions_by_name["play"].setChecked(False)

    def _show_place(self) -> None:
        """Show the position together with its frame, so that both are painted at once."""
        if replay := self.replay:
            seconds = replay.time_of(self._shown)
            self._window.timeline.set_position(seconds)
            transport, take = self._window.transport, replay.recording
            frame, last = int(take.frame_index[self._shown]), int(take.frame_index[-1])
            source_frame = frame + take.first_frame
            transport.set_position(seconds, replay.duration, frame, last, source_frame)
            if replay is not self._analysed:
                self._analyse(replay)


def _by_name(angles: np.ndarray) -> dict[str, np.ndarray]:
    """angles: (T, A) in the order of ANGLES."""
    return dict(zip(ANGLES, angles.T, strict=True))


def _now() -> float:
    return time.monotonic()


def _analyse(replay: Replay) -> Replay:
    """Let what the timeline shows be computed."""
    _ = replay.angles, replay.angles_beside, replay.markers
    return replay


def _ignore(_: str) -> None:
    """A plot that fails leaves the replay as it is."""
