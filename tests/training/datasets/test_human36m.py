"""Human3.6M as VideoPose3D and mmpose lay it out → lifting sets; pickles are read as plain data.

Each layout is written small; the real files in the shared data are read where they are there.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.skeleton import H36M17, MPII16
from training.datasets.human36m import mmpose
from training.datasets.human36m.annotations import JOINTS, load_human36m
from training.datasets.human36m.cameras import IDS, load_cameras
from training.datasets.human36m.plain_pickle import load_npz_object, load_pickle
from training.datasets.motion.lifting_set import statistics
from training.datasets.picture_sets import load_pictures


class TestHuman36m:
    """Recordings by cameras at x 0.1, z 1 metres that look along +Y, where Z is up."""

    def write(self, folder: Path) -> np.ndarray:
        """The world joints (T, 32, 3), metres, that S1 and S9 have."""
        world = np.random.default_rng(0).normal([0, 4, 1], 0.2, (5, 32, 3)).astype(np.float32)
        camera = {"orientation": [0.5**0.5, -(0.5**0.5), 0, 0], "translation": [100, 0, 1000]}
        table = {"S1": [camera] * 4, "S2": [{}] * 4, "S9": [camera] * 4}
        code = f"raise SystemExit\nh36m_cameras_extrinsic_params = {table}\n"
        (folder / "h36m_dataset.py").write_text(code)
        takes = {s: {"WalkDog 1": world, "Lost": world} for s in ("S1", "S9")}
        seen = {s: {"WalkDog 1": [np.full((7, 17, 2), c) for c in range(4)]} for s in takes}
        layout = {"layout_name": "h36m", "num_joints": 17}
        np.savez(folder / "data_3d_h36m.npz", positions_3d=np.array(takes, object))
        np.savez(
            folder / "data_2d_h36m_gt.npz",
            positions_2d=np.array(seen, object),
            metadata=np.array(layout, object),
        )
        return world

    def test_joints_are_in_camera_axes_relative_to_the_hip(self, tmp_path: Path) -> None:
        world = self.write(tmp_path)[:, JOINTS]
        training, test = load_human36m(tmp_path)
        right, down, away = world[..., 0], -world[..., 2], world[..., 1]
        axes = 1000 * np.stack([right, down, away], axis=-1)
        np.testing.assert_allclose(training.joints[:5], axes - axes[:, :1], atol=0.01)
        assert len(training) == len(test) == 4 * 5  # the videos are longer, one action has no 2D
        assert set(training.subjects) | set(test.subjects) == {"S1", "S9"}
        assert set(test.actions) == {"WalkDog"}
        assert [float(k[0, 0]) for k in test.keypoints[::5]] == [0, 1, 2, 3]
        assert test.cameras[::5].tolist() == list(IDS)
        assert test.skeleton is H36M17

    def test_hourglass_detections_are_told_by_their_16_joints(self, tmp_path: Path) -> None:
        self.write(tmp_path)
        seen = {s: {"WalkDog 1": [np.zeros((5, 16, 2))] * 4} for s in ("S1", "S9")}
        np.savez(
            tmp_path / "data_2d_h36m_sh_pt_mpii.npz",
            positions_2d=np.array(seen, object),
            metadata=np.array({"num_joints": 16}, object),
        )
        assert load_human36m(tmp_path, "sh_pt_mpii")[0].skeleton is MPII16

    def test_a_camera_table_without_a_subject_is_one_line(self, tmp_path: Path) -> None:
        self.write(tmp_path)
        (tmp_path / "h36m_dataset.py").write_text("h36m_cameras_extrinsic_params = {}")
        with pytest.raises(ValueError, match=r"not laid out as VideoPose3D's.*S1"):
            load_human36m(tmp_path)

    def test_what_is_missing_is_named_with_where_it_is_from(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"data_3d_h36m\.npz.*vision\.imar\.ro"):
            load_human36m(tmp_path)
        self.write(tmp_path)
        with pytest.raises(FileNotFoundError, match=r"data_2d_h36m_cpn\.npz.*VideoPose3D"):
            load_human36m(tmp_path, "cpn")
        (tmp_path / "h36m_dataset.py").unlink()
        with pytest.raises(FileNotFoundError, match=r"No cameras in .*mmpose"):
            load_human36m(tmp_path)

    def test_both_camera_tables_agree(self, shared: Path, tmp_path: Path) -> None:
        """The first camera of S1 as VideoPose3D's common/h36m_dataset.py has it."""
        entry = {
            "orientation": [0.1407056450843811, -0.1500701755285263, -0.755240797996521,
                            0.6223280429840088],
            "translation": [1841.1070556640625, 4955.28466796875, 1563.4454345703125],
        }  # fmt: skip
        table = {"S1": [entry, {}, {}, {}]}
        (tmp_path / "h36m_dataset.py").write_text(f"h36m_cameras_extrinsic_params = {table}")
        mine = load_cameras(tmp_path)["S1", IDS[0]]
        other = load_cameras(shared / "formats/h36m")["S1", IDS[0]]
        np.testing.assert_allclose(mine.rotation, other.rotation, atol=1e-6)
        np.testing.assert_allclose(mine.eye, other.eye, atol=1e-6)

    def test_world_joints_by_the_cameras_are_the_camera_joints_of_mmpose(
        self, shared: Path
    ) -> None:
        folder = shared / "formats/h36m"
        camera = mmpose.read_body3d(folder / "test_h36m_body3d.npz")
        world = mmpose.read_coco(folder / "h36m_coco.json", folder)
        np.testing.assert_allclose(world.joints, camera.joints, atol=0.01)
        assert camera.actions.tolist() == ["Directions", "SittingDown", "Greeting", "WalkDog"]
        head = camera.joints[:, H36M17.index("head_top"), 1]
        assert (head < -300).all()  # mm; y is down

    def test_frames_are_pictures_cut_440_pixels_wide(self, shared: Path, tmp_path: Path) -> None:
        annotations = tmp_path / "human36m/annotation_body3d/fps50"
        annotations.mkdir(parents=True)
        (tmp_path / "human36m/images").mkdir()
        for part in ("train", "test"):
            real = (shared / "formats/h36m/test_h36m_body3d.npz").resolve()
            (annotations / f"h36m_{part}.npz").symlink_to(real)
        person = load_pictures([tmp_path], "human36m")[1][0]
        assert person.box is not None
        assert (person.box.x2 - person.box.x1) * 1.25 == pytest.approx(440)
        assert person.skeleton is MPII16
        assert person.labelled.all()
        neck, top = MPII16.index("upper_neck"), MPII16.index("head_top")
        assert person.keypoints[top, 1] < person.keypoints[neck, 1]
        assert len(load_human36m(tmp_path / "human36m")[0]) == 4


def test_statistics_standardise_and_leave_the_pelvis_where_it_is() -> None:
    values = np.random.default_rng(0).normal(50, 9, (200, 17, 3)).astype(np.float32)
    values[:, 0] = 0
    mean, deviation = statistics(values)
    standard = (values - mean) / deviation
    np.testing.assert_allclose(standard[:, 1:].std(axis=0), 1, rtol=1e-3)
    assert (standard[:, 0] == 0).all()


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_a_pickle_that_would_run_code_is_refused_before_it_runs(tmp_path: Path) -> None:
    (tmp_path / "cameras.pkl").write_bytes(pickle.dumps({"R": Bomb(tmp_path / "ran")}))
    np.savez(tmp_path / "data.npz", positions_3d=np.array({"S1": Bomb(tmp_path / "ran")}, object))
    with pytest.raises(ValueError, match=r"was not opened: it asks for pathlib"):
        load_pickle(tmp_path / "cameras.pkl")
    with pytest.raises(ValueError, match=r"was not opened: it asks for pathlib"):
        load_npz_object(tmp_path / "data.npz", "positions_3d")
    assert not (tmp_path / "ran").exists()


def test_plain_pickles_come_back_whole_whatever_numpy_wrote_them(tmp_path: Path) -> None:
    path = tmp_path / "cameras.pkl"
    table = {("S1", "1"): {"R": np.eye(3), "w": 1000, "err": np.float64(2.5), "c": [1, (2,)]}}
    for protocol in (2, 3, 5):
        data = pickle.dumps(table, protocol=protocol)
        path.write_bytes(data.replace(b"numpy._core", b"numpy.core") if protocol == 2 else data)
        loaded = load_pickle(path)["S1", "1"]
        np.testing.assert_array_equal(loaded["R"], np.eye(3))
        assert (loaded["w"], loaded["err"], loaded["c"]) == (1000, 2.5, [1, (2,)])


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", pickle.dumps([1])[:-3]])
def test_what_is_no_pickle_is_one_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "cameras.pkl").write_bytes(content)
    with pytest.raises(ValueError, match=r"cameras\.pkl was not opened"):
        load_pickle(tmp_path / "cameras.pkl")
    with pytest.raises(ValueError, match="is not an npz file"):
        load_npz_object(tmp_path / "cameras.pkl", "positions_3d")
