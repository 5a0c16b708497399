"""BVH and ASF/AMC files → joint positions, checked by hand and against the packed recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.skeleton import H36M17
from training.datasets.motion import asf_amc, bvh
from training.datasets.motion.kinematics import positions, turns
from training.datasets.motion.mocap import h36m17, load_clips

ARM = """HIERARCHY
ROOT Shoulder
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Elbow
  {
    OFFSET 3 0 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 2 0 0
    }
  }
}
MOTION
Frames:\t2
Frame Time: 0.02
1 1 1 0 0 0 0 0 0
0 0 0 90 0 0 90 0 0
"""
LEG = """:version 1.10
:units
  length 0.45
  angle deg
:root
  order TX TY TZ RX RY RZ
  axis XYZ
  orientation 0 0 0
:bonedata
  begin
    id 1
    name thigh
    direction 0 -1 0
    length 4
    axis 0 0 90 XYZ
    dof rx rz
    limits (-90 90)
           (-90 90)
  end
  begin
    id 2
    name shin
    direction 0 -1 0
    length 3
    axis 0 0 0 XYZ
  end
:hierarchy
  begin
    root thigh
    thigh shin
  end
"""
STEP = """:FULLY-SPECIFIED
:DEGREES
1
root 1 2 3 0 0 0
thigh 90 0
2
root 1 2 3 0 90 0
thigh 0 90
"""


def packed(folder: Path, source: str, clip: str) -> dict[str, np.ndarray]:
    """Joint → (T, 3) metres of a clip at 30 Hz, as the shared data holds it."""
    with np.load(folder / "mocap" / f"{source}.npz") as data:
        number = list(data["clips"]).index(clip)
        rows = slice(data["offsets"][number], data["offsets"][number] + data["lengths"][number])
        world = data["positions"][rows] * 1e-4 + data["root"][rows, None]
        return {str(name): world[:, j] for j, name in enumerate(data["joint_names"])}


def test_turns_are_applied_from_the_last_to_the_first() -> None:
    quarter = turns(np.array([90.0, 0.0, 90.0]), "ZYX")
    np.testing.assert_allclose(quarter @ [0, 1, 0], [0, 0, 1], atol=1e-9)  # about x alone
    np.testing.assert_allclose(quarter @ [1, 0, 0], [0, 1, 0], atol=1e-9)  # about z alone


def test_a_joint_is_carried_by_its_parent_or_by_itself() -> None:
    still, quarter = np.eye(3), turns(np.array([90.0]), "Z")
    rotations, offsets = np.stack([still, quarter])[None], np.array([[0, 0, 0], [1, 0, 0]])
    bone_start = positions((-1, 0), offsets, rotations, np.zeros((1, 3)))
    bone_end = positions((-1, 0), offsets, rotations, np.zeros((1, 3)), own=True)
    np.testing.assert_allclose(bone_start[0, 1], [1, 0, 0], atol=1e-9)
    np.testing.assert_allclose(bone_end[0, 1], [0, 1, 0], atol=1e-9)


class TestBvh:
    def test_an_arm_is_bent_at_the_shoulder_and_at_the_elbow(self, tmp_path: Path) -> None:
        (tmp_path / "arm.bvh").write_text(ARM)
        motion = bvh.read_bvh(tmp_path / "arm.bvh")
        assert motion.names == ("Shoulder", "Elbow", "ElbowEnd")
        assert motion.fps == 50
        stretched, bent = motion.positions()
        np.testing.assert_allclose(stretched, [[1, 1, 1], [4, 1, 1], [6, 1, 1]], atol=1e-9)
        np.testing.assert_allclose(bent, [[0, 0, 0], [0, 3, 0], [-2, 3, 0]], atol=1e-9)

    @pytest.mark.parametrize(
        "content", ["", "<html>", ARM[:-10], ARM.replace("\t2", " 3"), ARM.replace("90", "x")]
    )
    def test_a_damaged_file_is_one_line(self, content: str, tmp_path: Path) -> None:
        (tmp_path / "arm.bvh").write_text(content)
        with pytest.raises(ValueError, match=r"arm\.bvh is not a BVH file"):
            bvh.read_bvh(tmp_path / "arm.bvh")

    def test_an_unknown_figure_says_which_are_known(self, tmp_path: Path) -> None:
        (tmp_path / "arm.bvh").write_text(ARM)
        with pytest.raises(ValueError, match=r"joints Shoulder, Elbow, .*CMU"):
            bvh.load_joints(tmp_path / "arm.bvh")

    @pytest.mark.parametrize("clip", ["02_01", "07_01", "35_01"])
    def test_cmu_files_agree_with_the_packed_clips(self, clip: str, shared: Path) -> None:
        """The packed clips have the thorax and wrist bones put back from CMU's ASF files."""
        motion = bvh.read_bvh(shared / f"mocap/raw_samples/{clip}.bvh")
        found = bvh.complete_cmu(motion).positions()[::4] * bvh.CMU_UNIT
        truth = packed(shared, "cmu_walk", clip)
        moved = {"LeftWrist", "RightWrist"}  # where the packed clips keep a point of the forearm
        both = [name for name in motion.names if name in truth and name not in moved]
        assert len(both) == 27
        for name in both:
            error = np.linalg.norm(found[:, motion.names.index(name)] - truth[name], axis=1)
            assert error.max() < 0.003, name


class TestAcclaim:
    def test_a_leg_turns_about_the_axes_of_its_bone(self, tmp_path: Path) -> None:
        (tmp_path / "1.asf").write_text(LEG)
        (tmp_path / "1_1.amc").write_text(STEP)
        figure = asf_amc.read_asf(tmp_path / "1.asf")
        assert figure.names == ("root", "thigh", "shin")
        assert figure.freedoms == ("XYZ", "XZ", "")
        twisted, raised = asf_amc.read_amc(tmp_path / "1_1.amc", figure) / figure.unit
        # The thigh's x axis is the world's y: about it, what hangs along it does not move.
        np.testing.assert_allclose(twisted, [[1, 2, 3], [1, -2, 3], [1, -5, 3]], atol=1e-9)
        # About its z it is raised sideways, and the root has turned that side to the back.
        np.testing.assert_allclose(raised, [[1, 2, 3], [1, 2, -1], [1, 2, -4]], atol=1e-9)

    @pytest.mark.parametrize("clip", ["02_02", "02_03", "03_01"])
    def test_cmu_files_are_the_packed_clips(self, clip: str, shared: Path) -> None:
        folder = shared / "mocap/raw_samples"
        figure = asf_amc.read_asf(folder / f"{clip[:2]}.asf")
        found = asf_amc.read_amc(folder / f"{clip}.amc", figure)[::4]
        truth = packed(shared, "cmu_amc_01_03", clip)
        for j, name in enumerate(figure.names):
            assert np.abs(found[:, j] - truth[name]).max() < 1e-4, name  # packed in 0.1 mm

    @pytest.mark.parametrize("content", ["", "<html>", LEG.replace("deg", "rad"), LEG[:200]])
    def test_a_damaged_figure_is_one_line(self, content: str, tmp_path: Path) -> None:
        (tmp_path / "1.asf").write_text(content)
        with pytest.raises(ValueError, match=r"1\.asf is not an Acclaim skeleton"):
            asf_amc.read_asf(tmp_path / "1.asf")

    @pytest.mark.parametrize("content", ["", "1\nthigh 1 2\n", "1\nroot 1 2 3 0 0 0\nthigh 1\n"])
    def test_a_motion_of_another_figure_is_one_line(self, content: str, tmp_path: Path) -> None:
        (tmp_path / "1.asf").write_text(LEG)
        (tmp_path / "1_1.amc").write_text(content)
        with pytest.raises(ValueError, match=r"1_1\.amc does not move its figure"):
            asf_amc.read_amc(tmp_path / "1_1.amc", asf_amc.read_asf(tmp_path / "1.asf"))


def test_a_folder_of_raw_files_is_read_as_clips_of_people(shared: Path) -> None:
    clips = load_clips(shared / "mocap/raw_samples")
    assert [clip.name for clip in clips] == [
        "02_01", "02_02", "02_03", "03_01", "03_02",
        "07_01", "16_15", "35_01", "39_03", "45_01", "standard",
    ]  # fmt: skip
    thigh = H36M17.index("right_hip"), H36M17.index("right_knee")
    for clip in clips:
        pose = h36m17(clip)
        length = np.linalg.norm(pose[:, thigh[0]] - pose[:, thigh[1]], axis=1)
        assert length == pytest.approx(length[0], abs=1e-4)
        assert 0.3 < length[0] < 0.5, clip.name


def test_the_same_walker_is_as_tall_in_both_formats(shared: Path) -> None:
    start, end = H36M17.bone_indices.T
    limbs = [b.startswith(("left_", "right_")) for _, b in H36M17.bones]
    as_bvh, as_amc = (h36m17(c)[0] for c in load_clips(shared / "mocap/raw_samples")[:2])
    lengths = [np.linalg.norm(pose[start] - pose[end], axis=1) for pose in (as_bvh, as_amc)]
    np.testing.assert_allclose(lengths[0][limbs], lengths[1][limbs], atol=0.003)
