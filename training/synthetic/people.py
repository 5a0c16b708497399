"""Random people: their bodies and their clothes, deterministic in the generator they are given."""

from __future__ import annotations

import colorsys

import numpy as np

from training.synthetic.body import Body, Template, shape_body
from training.synthetic.build import Build, built
from training.synthetic.clothes import Outfit
from training.synthetic.scene import PATTERNS, Colour, Material, as_triple

_CHILDREN = 0.12  # share of the people
_SKIN = np.array(
    [[.92, .66, .53], [.8, .52, .38], [.6, .36, .22], [.33, .18, .11], [.14, .08, .05]],
)  # fmt: skip
_HAIR = np.array(
    [[.02, .015, .015], [.08, .045, .03], [.2, .1, .05], [.55, .38, .18], [.5, .5, .5]],
)  # fmt: skip


def random_body(rng: np.random.Generator, template: Template) -> Body:
    """Of either sex; one in eight is a child."""
    man = float(rng.random() < 0.5)
    body = shape_body(
        template,
        male=abs(man - rng.uniform(0, 0.25)),
        muscle=rng.uniform(-0.9, 0.9),
        weight=rng.uniform(-0.7, 1.0),
        height=rng.uniform(-0.3, 0.2),
        descent=as_triple(rng.dirichlet([0.7, 0.7, 0.7])),
    )
    return built(body, _random_build(rng, child=bool(rng.random() < _CHILDREN)))


def _random_build(rng: np.random.Generator, child: bool) -> Build:
    def about(spread: float) -> float:
        return float(np.exp(np.clip(rng.standard_normal(), -2, 2) * spread))

    grown = float(rng.uniform(0.6, 0.9)) if child else 1.0  # a child's share of an adult's height
    return Build(
        size=grown,
        head=about(0.03) * (1 + 0.8 * (1 - grown)),
        shoulders=about(0.06),
        chest=about(0.05),
        belly=about(0.08),
        hips=about(0.06),
        arms=about(0.04),
        legs=about(0.04) * (1 - 0.3 * (1 - grown)),
        arm_girth=about(0.08),
        leg_girth=about(0.08),
    )


def random_outfit(rng: np.random.Generator) -> Outfit:
    tone = rng.choice(_SKIN, p=[0.25, 0.25, 0.2, 0.2, 0.1]) * rng.uniform(0.8, 1.15)
    return Outfit(
        skin=as_triple(tone.clip(0, 1)),
        hair=as_triple(rng.choice(_HAIR) * rng.uniform(0.7, 1.3)),
        long_hair=bool(rng.random() < 0.4),
        shaved=bool(rng.random() < 0.12),
        beard=bool(rng.random() < 0.18),
        glasses=bool(rng.random() < 0.12),
        headphones=bool(rng.random() < 0.15),
        hat=random_material(rng, 0.3) if rng.random() < 0.12 else None,
        jacket=random_material(rng, 0.25) if rng.random() < 0.25 else None,
        shirt=random_material(rng, 0.45),
        sleeve=float(rng.choice([0.05, 0.3, 0.45, 0.9, 1.0], p=[0.1, 0.35, 0.1, 0.15, 0.3])),
        shirt_hem=float(rng.uniform(-0.05, 0.16)),
        trousers=random_material(rng, 0.15),
        leg=float(rng.choice([0.25, 0.45, 1.0], p=[0.12, 0.23, 0.65])),
        skirt=bool(rng.random() < 0.08),
        shoes=random_material(rng, 0.1),
        soles=random_material(rng, 0.0),
        looseness=float(rng.uniform(0.006, 0.03)),
    )


def random_material(rng: np.random.Generator, patterned: float = 0.3) -> Material:
    pattern = str(rng.choice(PATTERNS[1:6])) if rng.random() < patterned else "plain"
    size, gloss = float(rng.uniform(0.015, 0.12)), float(rng.uniform(0, 0.15))
    return Material(random_colour(rng), random_colour(rng), pattern, size, gloss)


def random_colour(rng: np.random.Generator) -> Colour:
    saturation = rng.uniform(0, 0.25) if rng.random() < 0.5 else rng.uniform(0.3, 0.9)
    return colorsys.hsv_to_rgb(rng.random(), saturation, rng.uniform(0.02, 0.9) ** 1.5)
