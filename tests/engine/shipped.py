"""The shipped networks, to run them: the smallest of an architecture stands for the others."""

from __future__ import annotations

import re

from engine.models.model_spec import MODELS, find_models

SHIPPED = [spec for task in ("pose2d", "lift3d") for spec in find_models(task, MODELS).values()]
_LARGEST_FIRST = sorted(SHIPPED, key=lambda spec: spec.gmacs, reverse=True)
OF_EACH_ARCHITECTURE = list(
    {re.split(r"[_(]", spec.architecture)[0]: spec for spec in _LARGEST_FIRST}.values()
)
