"""Named networks: read strictly from the public formats, refused in one line otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import CLIPImageProcessorPil, OwlViTForObjectDetection

from training.loop.plain_errors import InputError
from training.papers.scores.networks import clap, clip, detector, wav2clip
from training.papers.scores.networks.detector import read_detections, table_of
from training.papers.scores.networks.inception import load_inception
from training.papers.scores.networks.opened import Named, open_networks
from training.papers.scores.networks.tiny import write_tiny
from training.papers.scores.networks.weights import hash_of

LABELS = ("dog", "rain")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Named:
    return write_tiny(tmp_path_factory.mktemp("tiny"), inception=False)


def picture(seed: int, size: tuple[int, int] = (50, 40)) -> Image.Image:
    levels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(levels)


def test_clip_sees_what_transformers_own_processor_hands_it(tiny: Named) -> None:
    opened = clip.load_clip(tiny.clip[0])
    shown = [picture(1, (90, 40)), picture(2, (30, 64))]
    prepare = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=32)
    pixels = prepare(shown, return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        pooled = opened.model.vision_model(pixel_values=pixels).pooler_output
        wanted = opened.model.visual_projection(pooled).numpy()
    assert clip.picture_embeddings(opened, shown) == pytest.approx(wanted, abs=2e-3)


def test_the_detectors_scores_are_those_of_the_whole_model(tiny: Named) -> None:
    assert tiny.owl is not None
    opened = detector.load_owl(tiny.owl, LABELS)
    shown = [picture(3), picture(4)]
    whole = OwlViTForObjectDetection.from_pretrained(tiny.owl).eval()
    tokenizer = clip.tokenizer_in(tiny.owl)
    asked = tokenizer(
        [detector.PROMPT.format(label) for label in LABELS] * 2, padding="max_length",
        max_length=16, truncation=True, return_tensors="pt",
    )  # fmt: skip
    levels = [np.asarray(p.resize((32, 32), Image.Resampling.BICUBIC)) for p in shown]
    with torch.inference_mode():
        logits = whole(
            input_ids=asked["input_ids"], attention_mask=asked["attention_mask"],
            pixel_values=clip.normalised(levels),
        ).logits  # fmt: skip
    wanted = logits.sigmoid().amax(1).numpy()
    assert detector.detection_scores(opened, shown) == pytest.approx(wanted, abs=1e-5)


def test_a_sound_has_a_place_in_each_space_however_short_or_long(tiny: Named) -> None:
    networks = open_networks(tiny, LABELS)
    assert networks.wav2clip is not None
    assert networks.clap is not None
    rng = np.random.default_rng(0)
    for seconds in (0.01, 1.0, 12.0):
        heard = rng.standard_normal(round(seconds * 16000)).astype("f4")
        found = wav2clip.sound_embedding(networks.wav2clip, heard)
        assert found.shape == (512,)
        assert np.isfinite(found).all()
    for seconds in (0.2, 12.0):
        heard = rng.standard_normal(round(seconds * 48000)).astype("f4")
        assert np.isfinite(clap.sound_embedding(networks.clap, heard)).all()
    assert networks.clips[0].weights.name == "CLIP ViT of 16/8"
    assert clip.size_of(type("V", (), {"hidden_size": 768, "patch_size": 32, "image_size": 224}))


def test_the_hash_tells_weights_apart(tiny: Named, tmp_path: Path) -> None:
    assert tiny.wav2clip is not None
    other = tmp_path / "other.ckpt"
    state = torch.load(tiny.wav2clip, weights_only=True)["state_dict"]
    torch.save({name: value + 1e-6 for name, value in state.items()}, other)
    assert hash_of(other) != hash_of(tiny.wav2clip)
    # of a folder only the weights count
    before = hash_of(tiny.clip[0])
    (tiny.clip[0] / "README.md").write_text("about it")
    assert hash_of(tiny.clip[0]) == before


def test_other_weights_than_named_are_refused_in_one_line(tiny: Named, tmp_path: Path) -> None:
    assert tiny.wav2clip is not None
    assert tiny.owl is not None
    with pytest.raises(InputError, match="is not the Inception of FID"):
        load_inception(tiny.wav2clip)
    unpickled = tmp_path / "code.pt"
    torch.save({"path": Path("x")}, unpickled)
    for wrong, line in (
        (Named(clip=(tiny.owl,)), "is not a CLIP|cannot be read as a CLIP"),
        (Named(owl=tiny.clip[0]), "OWL-ViT"),
        (Named(clip=(tmp_path,)), "no config.json"),
        (Named(inception=unpickled), "only tensors"),
        (Named(inception=tmp_path / "no.pth"), "no such file"),
        (Named(wav2clip=tiny.wav2clip), "name that one with --clip"),
        (Named(), "name the networks"),
    ):
        with pytest.raises(InputError, match=line) as caught:
            open_networks(wrong, LABELS)
        assert "\n" not in str(caught.value)


def test_another_detectors_file_says_who_found_what(tmp_path: Path) -> None:
    path = tmp_path / "detections.jsonl"
    head = {"detector": "yolo", "sha256": "c" * 64}
    dogs = [{"label": "dog", "score": s} for s in (0.4, 0.8, 0.1)]
    lines = [head, {"picture": "a.png", "detections": dogs}, {"picture": "b.png", "detections": []}]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    told = read_detections(path)
    assert told.weights.told == f"yolo {'c' * 12}"
    found = table_of(told, ["b.png", "a.png"], LABELS, path)
    assert found.tolist() == [[0.0, 0.0], [0.8, 0.0]]
    with pytest.raises(InputError, match=r"no line for c\.png"):
        table_of(told, ["c.png"], LABELS, path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "is empty"),
        ("{}", ":1 must be"),
        ("not json", ":1 is no JSON"),
        ('{"detector": "y", "sha256": "%s"}\n{"picture": "a"}' % ("a" * 64), ":2 must be"),
    ],
)
def test_a_wrong_file_of_detections_is_told_by_its_line(
    tmp_path: Path, text: str, line: str
) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match=line):
        read_detections(path)
