"""What every source is: frames one after the other, and one line where that fails."""

from __future__ import annotations

from typing import Protocol

from engine.types import Frame


class SourceError(OSError):
    """A source that cannot be opened or read; one line says what was found and what to do."""


class FrameSource(Protocol):
    """Frames, one after the other. Synchronous; noticing that one is dead is the pipeline's."""

    description: str  # for people: "USB Video, 1280x720 MJPG at 30 fps"
    live: bool  # frames come when they come: a silence means something is wrong
    rate: float  # nominal frames a second, 0 where unknown
    frames: int  # as many as a file says it has, 0 where unknown

    @property
    def skipped(self) -> str:
        """What could not be read so far and was passed over, for people; mostly empty."""
        ...

    def read(self) -> Frame | None:
        """The next frame; None at the end. Blocks. Raises SourceError when it breaks."""
        ...

    def close(self) -> None: ...
