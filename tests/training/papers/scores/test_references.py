"""Our distances are those of the field's own programs, on the same features."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.training.papers.scores.references import reference
from training.judge.scores import frechet_distance, kernel_distance
from training.papers.scores.distances import split_scores, subset_kid
from training.papers.scores.networks.inception import Inception, load_inception
from training.papers.scores.networks.resize import for_inception
from training.papers.scores.networks.tiny import lively

NEAR = 1e-4


@pytest.fixture
def features() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    mix = rng.standard_normal((48, 48)) / 7
    ones = rng.standard_normal((300, 48)) @ mix
    return ones.astype("f4"), (rng.standard_normal((260, 48)) @ mix * 1.2 + 0.3).astype("f4")


def moments(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return features.mean(0, dtype=np.float64), np.cov(features.astype(np.float64), rowvar=False)


def test_fid_is_that_of_pytorch_fid(features: tuple[np.ndarray, np.ndarray]) -> None:
    theirs = reference("pytorch_fid", "fid_score")
    wanted = theirs.calculate_frechet_distance(*moments(features[0]), *moments(features[1]))
    assert frechet_distance(*features) == pytest.approx(wanted, rel=NEAR)


def test_fid_and_kid_are_those_of_clean_fid(features: tuple[np.ndarray, np.ndarray]) -> None:
    theirs = reference("cleanfid", "fid")
    wanted = theirs.frechet_distance(*moments(features[0]), *moments(features[1]))
    assert frechet_distance(*features) == pytest.approx(wanted, rel=NEAR)
    same = features[0][:260].astype(np.float64), features[1].astype(np.float64)
    # of equal sizes every one of its subsets is the whole set
    wanted = theirs.kernel_distance(*same, num_subsets=2, max_subset_size=1000)
    assert subset_kid(*same) == pytest.approx(wanted, rel=NEAR)


def test_clip_fid_is_that_of_clean_fid(features: tuple[np.ndarray, np.ndarray]) -> None:
    """Its CLIP-FID is the same distance, on embeddings that are not of unit length."""
    theirs = reference("cleanfid", "fid")
    few = features[0][:40, :12], features[1][:30, :12]
    wanted = theirs.frechet_distance(*moments(few[0]), *moments(few[1]))
    assert frechet_distance(*few) == pytest.approx(wanted, rel=NEAR)


def test_kid_is_that_of_torchmetrics(features: tuple[np.ndarray, np.ndarray]) -> None:
    theirs = reference("torchmetrics", "image.kid")
    ones, others = (torch.from_numpy(f[:200].astype(np.float64)) for f in features)
    wanted = float(theirs.poly_mmd(ones, others))
    assert kernel_distance(ones.numpy(), others.numpy()) == pytest.approx(wanted, rel=NEAR)


def test_fid_is_that_of_torchmetrics(features: tuple[np.ndarray, np.ndarray]) -> None:
    theirs = reference("torchmetrics", "image.fid")
    a, b = (tuple(torch.from_numpy(m) for m in moments(f)) for f in features)
    wanted = float(theirs._compute_fid(*a, *b))
    assert frechet_distance(*features) == pytest.approx(wanted, rel=NEAR)


def test_is_is_that_of_torchmetrics() -> None:
    theirs = reference("torchmetrics", "image.inception")
    logits = np.random.default_rng(5).standard_normal((97, 30)).astype("f4") * 2

    class Logits(torch.nn.Module):
        num_features = 30

        def forward(self, rows: torch.Tensor) -> torch.Tensor:
            return rows

    score = theirs.InceptionScore(feature=Logits(), splits=10, normalize=False)
    score.features = [torch.from_numpy(logits)]
    state = torch.random.get_rng_state()
    order = torch.randperm(len(logits)).numpy()
    torch.random.set_rng_state(state)
    mean, deviation = (float(x) for x in score.compute())
    found = np.array(split_scores(logits[order], 10))
    assert found.mean() == pytest.approx(mean, rel=NEAR)
    assert found.std(ddof=1) == pytest.approx(deviation, rel=NEAR)


def test_pictures_are_resized_as_clean_fid_and_pytorch_fid_do() -> None:
    theirs = reference("cleanfid", "resize")
    levels = np.random.default_rng(6).integers(0, 256, (70, 410, 3), dtype=np.uint8)
    for way, mode in (("clean", "clean"), ("plain", "legacy_pytorch")):
        wanted = theirs.build_resizer(mode)(levels).transpose(2, 0, 1)
        ours = for_inception(Image.fromarray(levels), way).numpy()
        assert np.abs(ours - wanted.clip(0, 255)).max() < 1e-3, way


@pytest.mark.slow
def test_the_inception_is_that_of_torch_fidelity(tmp_path: Path) -> None:
    """Slow: a picture at 299 pixels through both."""
    theirs = reference("torch_fidelity", "feature_extractor_inceptionv3")
    torch.manual_seed(0)
    path = tmp_path / "inception.pth"
    torch.save(lively(Inception()).state_dict(), path)
    other = theirs.FeatureExtractorInceptionV3(
        "inception", ["2048", "logits_unbiased"], feature_extractor_weights_path=str(path)
    )
    ours, _ = load_inception(path)
    picture = torch.randint(0, 256, (1, 3, 299, 299), dtype=torch.uint8)
    with torch.inference_mode():
        for one, wanted in zip(ours(picture.float()), other(picture), strict=True):
            assert (one - wanted).norm() < 1e-5 * wanted.norm()
