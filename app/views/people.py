"""Several people in one result: their colours and labels, who is where, who comes next. No widgets.

Six colours of Okabe and Ito, "Color Universal Design: how to make figures and presentations that
are friendly to colorblind people" (2002), which stay apart in every kind of colour blindness.
Nobody is told by colour alone: the number stands beside everybody.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.language import tr
from engine.types import Box, Person, PoseResult

# Reddish purple, yellow, bluish green; then those near the colours of the sides.
COLOURS = ("#cc79a7", "#f0e442", "#009e73", "#56b4e9", "#d55e00", "#0072b2")


def own_colours(people: Sequence[Person]) -> dict[int, str]:
    """Id → colour: each their own, none for one person alone.

    A colour goes with the id; of two ids that it goes with, the older person has it.
    """
    slots: dict[int, int] = {}
    for number in sorted(person.id for person in people):
        wished = [(number - 1 + step) % len(COLOURS) for step in range(len(COLOURS))]
        slots[number] = next((slot for slot in wished if slot not in slots.values()), wished[0])
    return {number: COLOURS[slot] for number, slot in slots.items()} if len(people) > 1 else {}


def label(*words: object, subject: bool) -> str:
    """``2 tracking · subject``: what is said of a person."""
    return " ".join(map(str, words)) + (tr(" · subject") if subject else "")


def boxes(result: PoseResult) -> list[Box]:
    """Everybody in view, followed or not, from left to right in the picture."""
    everybody = [person.box for person in result.people] + list(result.others)
    return sorted(everybody, key=lambda box: box.x1 + box.x2)


def is_somebody(result: PoseResult, x: float, y: float) -> bool:
    """Whether a person is there; x, y: frame pixels."""
    return any(b.x1 <= x <= b.x2 and b.y1 <= y <= b.y2 for b in boxes(result))


def next_person(result: PoseResult) -> tuple[float, float] | None:
    """The middle of the person to the right of the subject, frame pixels; None for nobody.

    After the last comes the first, and the first where there is no subject.
    """
    if not (everybody := boxes(result)):
        return None
    subject = result.subject
    place = everybody.index(subject.box) if subject else -1
    box = everybody[(place + 1) % len(everybody)]
    return (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
