"""How training samples are varied and weighed, and how the papers do it. Values only."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Augmentation:
    rotation: float  # degrees, either way
    scale: float  # the box is up to this share smaller or larger
    shift: float  # of the box, either way
    half_body: float  # probability of cutting out half a body
    background: float  # probability of a piece of the picture with no labelled joint in it
    colour: float  # brightness ×(1 ± colour); 0 leaves the colours alone
    rotated: float = 0.6  # share of the samples that are rotated at all
    flip: float = 0.5  # share of the samples that are mirrored
    lower_half: float = 0.0  # share of the half bodies that are hips and legs
    close: float = 0.0  # probability of head and shoulders filling the crop, as before a webcam
    normal: bool = False  # HRNet's draws: normal, cut off at 1 (scale) and 2 (rotation) deviations
    webcam: bool = True  # tints, grey, blur, noise, any border; else channels alone, black border
    # A joint that is not in the crop, or known to be out of sight, is left out of the loss (HRNet)
    # instead of being taught an empty target (Newell 2016, section 4.3).
    mask_absent: bool = False
    weigh_joints: bool = False  # hard joints count more (an option of HRNet's code)


# Section 4.1 of Newell 2016; every sample, uniformly, as in princeton-vl/pytorch_stacked_hourglass.
NEWELL = Augmentation(
    30, scale=0.25, shift=0, half_body=0, background=0, colour=0.4, rotated=1.0, webcam=False
)
# Section 4.1 of Sun 2019. The code takes the upper half where a normal number is below 0.5.
HRNET_COCO = Augmentation(
    45,
    scale=0.35,
    shift=0,
    half_body=0.3,
    background=0,
    colour=0,
    lower_half=0.31,
    normal=True,
    webcam=False,
    mask_absent=True,
)
HRNET_MPII = replace(HRNET_COCO, rotation=30, scale=0.25, half_body=0)
SIMPLE_BASELINE = replace(HRNET_COCO, rotation=40, scale=0.3, half_body=0)  # Xiao 2018, section 3.1
