"""Labels are doubted where a network that is sure of itself disagrees more often than with careful
ones; what is found is kept in a file and applied to what is trained on.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.skeleton import MPII16
from tests.conftest import STANDING, DotRuntime, dot_spec
from tests.training.dots import dot_picture, dot_recipe
from training.datasets.pictures.label_weights import (
    LabelWeights,
    load_weights,
    weighed,
    weights_file,
)
from training.evaluation import label_agreement
from training.evaluation.evaluator import Backbone
from training.evaluation.label_agreement import check_memory, weights_in
from training.evaluation.label_noise import (
    PAIRS,
    SURE,
    Compared,
    belief,
    compare,
    shares,
    sure_from,
    swapped,
)
from training.fit.picture_samples import PictureSamples

WRIST = MPII16.index("left_wrist")
ARMS = PAIRS["arms"]


def people(count: int) -> np.ndarray:
    """(count, 16, 2) labels of people 100 pixels tall."""
    return np.repeat(100 * STANDING[None], count, axis=0)


def against(found: np.ndarray, labels: np.ndarray, score: float = 0.85) -> Compared:
    """A network that is equally sure of everything."""
    return compare(found, np.full(labels.shape[:2], score), labels, np.ones(labels.shape[:2], bool))


def moved(labels: np.ndarray, count: int, joint: int = WRIST, by: float = 30) -> np.ndarray:
    """The labels of one joint of the first ``count`` people put elsewhere."""
    changed = labels.copy()
    changed[:count, joint, 0] += by
    return changed


def with_arms_swapped(labels: np.ndarray, count: int) -> np.ndarray:
    changed = labels.copy()
    joints = np.where(ARMS, MPII16.flip, np.arange(16))
    changed[:count] = labels[:count, joints]
    return changed


def test_distance_is_in_the_extent_of_the_person_whatever_the_size() -> None:
    labels = people(1)
    for size in (1, 7):
        distance = against(size * moved(labels, 1), size * labels).distance
        assert distance[0, WRIST] == pytest.approx(30 / np.ptp(100 * STANDING, axis=0).max())
        assert np.delete(distance[0], WRIST) == pytest.approx(0, abs=1e-6)


def test_what_has_no_label_is_neither_near_nor_far() -> None:
    labels, seen = people(3), np.ones((3, 16), bool)
    seen[:, WRIST] = False
    compared = compare(labels, np.full((3, 16), 0.85), labels, seen)
    assert np.isnan(compared.distance[:, WRIST]).all()
    assert shares(compared)[0, 7].tolist() == [1, 0, 0, 0]


def test_a_label_is_believed_as_far_as_the_networks_own_errors_explain_the_distance() -> None:
    labels = people(1000)
    careful = against(moved(labels, 5), labels)  # the network errs in 5 of 1,000 left wrists
    noisy = against(labels, moved(labels, 50))
    label_weights = weights_in(careful, noisy, np.arange(1000))
    assert label_weights.weights[:50, WRIST] == pytest.approx(0.1)
    assert (label_weights.weights[50:] == 1).all()
    assert not label_weights.swapped.any()


def test_a_network_that_is_as_often_wrong_on_careful_labels_casts_no_doubt() -> None:
    labels = people(100)
    careful, noisy = against(moved(labels, 20), labels), against(moved(labels, 20), labels)
    assert (belief(careful, noisy) == 1).all()


def test_an_unsure_network_says_nothing_about_a_sure_one() -> None:
    labels = people(100)
    unsure = against(moved(labels, 50), labels, score=0.25)
    table = belief(against(labels, labels), unsure)
    assert table[0, 1, 3] == 0  # upper body, scores of 0.2 to 0.3, furthest off
    assert (np.delete(table, 1, axis=1) == 1).all()


def test_arms_that_agree_only_the_other_way_round_are_put_right() -> None:
    labels = people(200)
    noisy = against(labels, with_arms_swapped(labels, 20))
    label_weights = weights_in(against(labels, labels), noisy, np.arange(200))
    assert (label_weights.swapped[:20] == ARMS).all()
    assert not label_weights.swapped[20:].any()
    assert (label_weights.weights == 1).all()


def test_a_network_that_swaps_arms_itself_puts_none_right() -> None:
    labels = people(200)
    careful = against(with_arms_swapped(labels, 10), labels)
    noisy = against(labels, with_arms_swapped(labels, 10 * int(SURE) - 1))
    assert sure_from(careful, noisy, ARMS) == np.inf
    assert not weights_in(careful, noisy, np.arange(200)).swapped.any()


def test_too_few_labels_are_not_called_swapped() -> None:
    labels = people(1)
    seen = ~ARMS | (np.arange(16) == WRIST)
    compared = compare(with_arms_swapped(labels, 1), np.full((1, 16), 0.9), labels, seen[None])
    found, score = swapped(compared, ARMS)
    assert not found.any()
    assert np.isnan(score).all()


def test_a_judge_that_knows_the_labels_by_heart_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check_memory((53.3, 0.3), (53.4, 1.2))
    assert "53.3 ± 0.3 and 53.4 ± 1.2" in capsys.readouterr().out
    with pytest.raises(ValueError, match="by heart"):
        check_memory((70.0, 0.3), (53.4, 1.2))


def some_weights(number: int) -> LabelWeights:
    """Of one picture: the left wrist is not believed, the arms are swapped."""
    weights = np.ones((1, 16), np.float32)
    weights[0, WRIST] = 0
    return LabelWeights(np.array([number]), weights, ARMS[None])


def test_what_was_found_is_kept_and_applied_to_its_pictures_alone(tmp_path: Path) -> None:
    picture = dot_picture(120)
    other = replace(picture, image_id=8)
    some_weights(picture.image_id).save(tmp_path / weights_file("dots"))
    first, second = weighed([tmp_path / "none", tmp_path], "dots", [picture, other])
    right = MPII16.index("right_wrist")
    np.testing.assert_array_equal(first.keypoints[WRIST], picture.keypoints[right])
    np.testing.assert_array_equal(first.keypoints[:6], picture.keypoints[:6])
    assert first.weights.tolist() == [float(k != WRIST) for k in range(16)]
    assert second is other
    assert weighed([tmp_path], "lsp", [picture]) == [picture]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_a_file_that_weighs_nothing_is_one_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "lsp_label_weights.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"lsp_label_weights\.npz does not weigh labels") as odd:
        load_weights(path)
    assert "training.evaluation.label_agreement" in str(odd.value)


def test_arrays_of_another_kind_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "lsp_label_weights.npz"
    np.savez(path, weights=np.ones(3))
    with pytest.raises(ValueError, match="does not weigh labels"):
        load_weights(path)
    np.savez(path, image_id=np.arange(2), weights=np.ones((1, 16)), swapped=np.ones((1, 16)))
    with pytest.raises(ValueError, match="unequal length"):
        load_weights(path)


def test_training_takes_the_file_beside_the_data_and_what_is_held_out_stays(dots: Path) -> None:
    plain = PictureSamples(dot_recipe(), [dots])
    number = plain.training["synthetic"][0].image_id
    held_out = plain.held_out["synthetic"][0].image_id
    both = np.array([number, held_out])
    LabelWeights(both, np.zeros((2, 16), np.float32), np.zeros((2, 16), bool)).save(
        dots / weights_file("synthetic")
    )
    samples = PictureSamples(dot_recipe(), [dots])
    assert not samples.training["synthetic"][0].weights.any()
    assert samples.training["synthetic"][1].weights.all()
    assert samples.held_out["synthetic"][0].weights.all()


def test_the_command_compares_every_training_label_and_writes_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The judge reads dots, whose labels are right, but for one."""
    careful = [replace(dot_picture(120 + 10 * (i % 9), i), image_id=i) for i in range(24)]
    elsewhere = careful[3].keypoints + [[40 * (k == WRIST)] for k in range(16)]
    noisy = [replace(p, keypoints=elsewhere) if p is careful[3] else p for p in careful]
    sets = {"lsp": (careful, careful), "lsp_extended": (noisy, careful)}
    monkeypatch.setattr(label_agreement, "load_pictures", lambda _, name: sets[name])
    monkeypatch.setattr(label_agreement, "open_subject", lambda _: nullcontext(reads_dots()))
    monkeypatch.setattr(
        "training.evaluation.evaluator.with_flip", lambda maps, _: maps
    )  # dots keep their side
    out = tmp_path / "runs" / "weights.npz"
    monkeypatch.setattr(sys, "argv", ["agreement", "--out", str(out)])
    assert label_agreement.main() == 0
    assert np.argwhere(load_weights(out).weights == 0).tolist() == [[3, WRIST]]
    assert "weighed below 0.5: 1" in capsys.readouterr().out


def reads_dots() -> Backbone:
    runtime = DotRuntime()
    return Backbone(dot_spec(), "test", lambda images: runtime.run({"image": images})["heatmaps"])
