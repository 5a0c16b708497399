"""The messages of the engine, and of what runs without a window too, in the language of the window.

They are written in English, also into logs and terminals. They are repeated here for
translators, with {} for what varies; a message that is not listed is shown in English.
"""

from __future__ import annotations

import re

from app.language import later, tr

WORDS = (
    *(later("Nobody in view"), later("Too far"), later("Too dark")),
    later("Only head and shoulders: legs are guesses"),
    *(later("Two people: click one"), later("Three people: click one")),
    *(later("Four people: click one"), later("Five people: click one")),
    *(later("Six people: click one"), later("Many people: click one")),
    *(later("confirming"), later("tracking"), later("unsure")),
    *(later("left"), later("right")),
    *(later("gaps"), later("swaps"), later("low scores"), later("filled")),
    *(later("Knee flexion"), later("Hip flexion"), later("Elbow flexion")),
    *(later("Shoulder elevation"), later("Trunk lean")),
)

LINES = (  # where two fit, the first counts
    # the source
    later("{} Reconnecting…"),
    later("{} gives no new pictures."),
    later("Camera {} stopped giving pictures."),
    later("The stream {} broke off ({})."),
    later("The source opened but gives no pictures."),
    later("Camera {} ({}) does not open: is another program using it?"),
    later("No {}. Cameras found: {}."),
    later("camera {}"),
    later("file, folder or camera '{}'"),
    later("none"),
    later("{} does not open as a video ({})."),
    later("{} has no picture in it."),
    later("{} holds no pictures ({})."),
    later("{} holds no readable picture: is it a whole video file?"),
    later("{} holds no readable picture: save them again as PNG or JPEG."),
    later("Unreadable, left out: {} in {}."),
    # the backbone and the room
    later("The backbone failed on a frame: {}"),
    later("Nothing to record yet: no backbone is running."),
    later("Runtime '{}' is not installed: {}."),
    later("{} cannot run '{}': {}"),
    later("{} Until then {} runs."),
    later(
        "Not levelled: nobody has stood straight, seen from head to feet, for the last two seconds."
    ),
    # the choice of a backbone, app/choice.py
    later("{}: how fast backbones are here is not known."),
    later("{}: the fastest, no backbone keeps {} ({} a picture)."),
    later("{}: the most accurate that keeps {} ({} a picture)."),
    later("{} results a second here"),
    # a take
    later("Recording stopped: {} ({})."),
    later("the disk is almost full, {}"),
    later("Cannot record into {}: {}; choose another folder."),
    later("only {}, a take needs more than {}"),
    later("{} already holds a session ({}); choose another folder."),
    later("{}, room for < 1 min"),
    later("{}, room for {} min"),
    later("{} GB free"),
    # what a take amounts to
    later("Nothing to judge: fewer than two frames."),
    later("Good: {}."),
    later("Rate off target: {}."),
    later("Rate unknown: {}."),
    later("Frames missing: {}."),
    later("A person whole and sure in only {} % of the frames: {}."),
    later("{}, longest gap {} s, {} people left out, those seen least"),
    later("{}, longest gap {} s"),
    later(
        "{} swaps mended, gaps filled in {} frames, feet kept in place in {}; {} Hz,"
        " gaps up to {} s"
    ),
    later("{} of {} frames had a picture, a person in {}"),
    later("{} frames a second of {}"),
    later("{} frames a second"),
    # files and other programs
    later("{} holds no session: no {} there."),
    later("{} holds no frame: there is nothing to show."),
    later("{} cannot be read: {}."),
    later("{} cannot be written: {}."),
    later("OSC cannot be sent to {}: {}."),
    later("No WebSocket on {}: {}; choose another."),
    later("'{}' is not an address: give HOST:PORT or PORT, such as 9000."),
)


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, line.split("{}"))))


_PATTERNS = {line: _pattern(line) for line in LINES}


def translated(said: str) -> str:
    """A line of the engine's, and lines within it, as the window shows them."""
    for line, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(said):
            return tr(line).format(*map(translated, found.groups()))
    return tr(said)
