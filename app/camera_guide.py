"""The camera guide: three steps, and what to say in each. Knows no widgets.

The judgements are those of ``engine.people.advice``, as in ``main.py doctor --camera``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from app.language import later, tr
from engine.people.advice import DARK, advise, brightness
from engine.pipeline.status import PipelineStatus
from engine.sources.capture import DEMO
from engine.types import PoseResult

PERMISSIONS = {
    "darwin": later("Allow it in System Settings, Privacy & Security, Camera, then start again."),
    "win32": later("Allow it in Settings, Privacy & security, Camera."),
    "linux": later("Join the group 'video': sudo usermod -aG video $USER, then log in again."),
}
HELP = {  # of what advice says
    "Nobody in view": later("Step into the picture."),
    "Too far": later("Come closer: you fill less than a fifth of the picture's height."),
    "Too dark": later("Turn on a light in front of you."),
    "Only head and shoulders: legs are guesses": later("Step back, or lower the camera."),
}


@dataclass(frozen=True)
class Finding:
    good: bool
    text: str


def camera(status: PipelineStatus, _: PoseResult | None) -> Finding:
    """Is there a camera, and may it be used?"""
    allow = tr(PERMISSIONS.get(sys.platform, PERMISSIONS["linux"]))
    if status.given == DEMO:
        return Finding(False, f"{tr('This is the demo clip, not a camera.')} {allow}")
    if status.source_state == "running":
        return Finding(True, tr("{} gives pictures.").format(status.source))
    if status.source_state == "opening":
        return Finding(False, tr("Opening…"))
    return Finding(False, f"{status.message or tr('No camera gives pictures.')} {allow}")


def light(_: PipelineStatus, result: PoseResult | None) -> Finding:
    """Can somebody be seen at all?"""
    if result is None:
        return Finding(False, tr("Waiting for the first picture…"))
    mean = brightness(result.frame.image)
    if mean < DARK:
        return Finding(False, tr("Turn on a light in front of you."))
    return Finding(True, tr("Bright enough: {:.0f} of 255.").format(mean))


def framing(_: PipelineStatus, result: PoseResult | None) -> Finding:
    """Is the one in view near enough, and whole?"""
    if result is None:
        return Finding(False, tr("Waiting for the first picture…"))
    advice = advise(result)
    if advice.good:
        return Finding(True, tr("You are tracked, whole and sure."))
    if not advice.text:
        return Finding(False, tr("Stand still for a moment, facing the camera."))
    return Finding(False, tr(HELP.get(advice.text, advice.text)))


Judge = Callable[[PipelineStatus, PoseResult | None], Finding]
STEPS: tuple[tuple[str, Judge], ...] = (
    (later("Camera and permission"), camera),
    (later("Light"), light),
    (later("Distance and framing"), framing),
)
