"""How far the answers of two runtimes may be apart. Values only; measured in tensorrt_build/."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_MEDIAN, LARGEST_P99 = 0.1, 1.0  # px for backbones, mm for lifters
LARGEST_ERROR = 0.02  # of the range of the reference's output


@dataclass(frozen=True)
class Parity:
    """How far a runtime's answers are from the reference's."""

    unit: str  # px of the crop for backbones, mm for lifters
    median: float  # shift of the keypoints that the reference finds, of all joints for lifters
    p99: float
    error: float  # largest difference of the outputs, as a share of the reference's range
    count: int  # keypoints or joints that were compared; 0 where the reference finds none
    reference: str  # "openvino f32"

    @property
    def refusal(self) -> str:
        """Why the runtime is not to be used, in one line; empty where it may be."""
        pairs = (
            (self.median, LARGEST_MEDIAN),
            (self.p99, LARGEST_P99),
            (self.error, LARGEST_ERROR),
        )
        if all(found <= allowed for found, allowed in pairs):
            return ""
        return (
            f"{self}; allowed are {LARGEST_MEDIAN} and {LARGEST_P99} {self.unit}"
            f" and {LARGEST_ERROR:.0%} of the range"
        )

    def __str__(self) -> str:
        shift = f"{self.median:.3f} {self.unit} median, {self.p99:.3f} {self.unit} p99"
        what = f"shift {shift}" if self.count else "no keypoint to compare"
        return f"{what}, {self.error:.2%} of the range, against {self.reference}"
