"""Whether somebody is there: what the finder and the backbone say together, and over time.

Neither is sure enough alone: a finder takes a coat for a person, a backbone sees limbs in a chair.
Scores count as logits, so that two looks add up. Knows numbers only.
"""

from __future__ import annotations

import math

# Read from what `python -m training.evaluate_following` prints (docs/decisions/0014).
SHOWN = 0.0  # trust from which somebody is shown: as likely there as not
KEPT = -1.0  # trust below which somebody who was shown is lost
ALONE = 0.35  # how much more a finder must say that no backbone was asked about

UNSEEN = 0.01  # the score of what is not seen at all; nothing is surer than 1 - UNSEEN
NOBODY = -1.5  # trust before the first look
MEMORY = 0.15  # seconds in which what is seen outweighs what was seen before
LONGEST_LOOK = 0.1  # seconds that one look counts for at most


def evidence(finder: float, pose: float | None) -> float:
    """The logit of the geometric mean of both scores; pose: None where no backbone was asked."""
    score = finder if pose is None else math.sqrt(finder * pose)
    score = min(max(score, UNSEEN), 1 - UNSEEN)
    return math.log(score / (1 - score)) - (ALONE if pose is None else 0)


def could_be_shown(finder: float) -> bool:
    """Whether a perfect pose would make somebody of what the finder saw."""
    return evidence(finder, 1.0) >= SHOWN


def trusted(trust: float, said: float, elapsed: float) -> float:
    """The trust after another look, ``elapsed`` seconds after the last one; never less than that
    in a stranger, so that whoever comes back is soon known again.
    """
    weight = 1 - math.exp(-min(elapsed, LONGEST_LOOK) / MEMORY)
    return max(trust + weight * (said - trust), NOBODY)
