"""What a file's publisher states of it, for `model.json`; nothing of it was measured here."""

from __future__ import annotations

from pathlib import Path

from engine.models.published import PUBLISHED, PUBLISHERS, Published, Size
from engine.skeleton import Skeleton
from training.checkpoints.layout import Layout


def stated(
    file: Path, model: str, layout: Layout, skeleton: Skeleton, size: Size | None = None
) -> dict[str, object]:
    """trained_on, licence and metrics of the published file that this one seems to be."""
    entry = published(file, model, layout, skeleton, size)
    if entry is None:
        return {"trained_on": f"not stated ({file.name})", "licence": "not stated", "metrics": {}}
    publisher = PUBLISHERS[entry.publisher]
    return {
        "trained_on": entry.trained_on,
        "licence": f"{publisher.licence}, as stated by {publisher.page}",
        "metrics": {
            "stated by the publisher": entry.accuracy,
            "of": f"{entry.file}, {publisher.page}",
        },
    }


def published(
    file: Path, model: str, layout: Layout, skeleton: Skeleton, size: Size | None
) -> Published | None:
    """The one of its layout, network, joints and, for pictures, size; of several the namesake."""
    candidates = [
        entry
        for entry in PUBLISHED
        if entry.publisher in layout.publishers
        and (entry.network, entry.skeleton) == (model, skeleton.name)
        and size in (None, entry.input_size)
    ]
    same = [entry for entry in candidates if Path(entry.file).name == file.name]
    return next(iter(same or candidates), None)
