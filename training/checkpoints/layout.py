"""What there is to know of one publisher's way to name a network's parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from training.checkpoints.safe import State
from training.models import Normalisation


def unchanged(key: str) -> str:
    """The publisher's names are ours."""
    return key


@dataclass(frozen=True)
class Layout:
    """How one publisher names the parameters, and what of the network differs from ours.

    signature: a parameter that tells this layout; rename: their name → ours; network: our names and
    their tensors → name of the network, see `NETWORKS`; head: our name of the last layer's bias,
    which has one number a keypoint; unused: our names of what such files carry besides.
    """

    publishers: tuple[str, ...]  # in engine.models.published
    title: str
    signature: str
    network: Callable[[State], str]
    head: str
    rename: Callable[[str], str] = unchanged
    unused: str = r"(?!)"  # a pattern; nothing by default
    options: Mapping[str, object] = field(default_factory=dict)  # to build the network with
    normalisation: Normalisation | None = None  # where it is not the network's own

    def translate(self, state: State) -> State:
        """Our names → their tensors, without what is unused."""
        named = {self.rename(key): value for key, value in state.items()}
        return {key: value for key, value in named.items() if not re.match(self.unused, key)}


Replacement = str | Callable[[re.Match[str]], str]


def rename_by(rules: Mapping[str, Replacement]) -> Callable[[str], str]:
    """A renaming that applies every pattern of ``rules`` in turn."""
    compiled = [(re.compile(pattern), replacement) for pattern, replacement in rules.items()]

    def rename(key: str) -> str:
        for pattern, replacement in compiled:
            key = pattern.sub(replacement, key)
        return key

    return rename
