"""The geometry of the window: on a screen that exists, and no larger than it. Knows rectangles."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRect, QSize

SEEN = 64  # pixels of a window that must be on a screen, or it is brought back


def first_place(wanted: QSize, screen: QRect) -> QRect:
    """In the middle of a screen, as large as wanted or as it fits."""
    place = QRect(screen.topLeft(), wanted.boundedTo(screen.size()))
    place.moveCenter(screen.center())
    return place


def place_on(screens: Sequence[QRect], place: QRect) -> QRect:
    """Where a window that was at ``place`` is to be now; screens: what is free, the first main."""
    for screen in screens:
        seen = screen & place
        if min(seen.width(), seen.height()) >= SEEN:
            inside = QRect(place.topLeft(), place.size().boundedTo(screen.size()))
            inside.moveRight(min(inside.right(), screen.right()))
            inside.moveBottom(min(inside.bottom(), screen.bottom()))
            inside.moveLeft(max(inside.left(), screen.left()))
            inside.moveTop(max(inside.top(), screen.top()))
            return inside
    return first_place(place.size(), screens[0])
