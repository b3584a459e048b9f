"""The bench against the peers: the same work for all, told so, and what drops out is named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")

from engine.bundle.fields import BundleError  # noqa: E402
from export.bench import peers as peer_bench  # noqa: E402
from export.bench.configurations import EIGHT_BITS, PLAIN, TINY, Work  # noqa: E402
from export.bench.race import Entry, race  # noqa: E402
from export.bench.turbo import NOISE, STEP, Doubling, OneStep, build, inputs, sigma  # noqa: E402
from export.bench.work import export_work  # noqa: E402
from export.bundle import space as room  # noqa: E402
from export.graph import eight_bit_matrices  # noqa: E402

WORK = Work("turbo", 64, 64, 2)


def test_doubling_is_upsampling_and_convolution() -> None:
    torch.manual_seed(0)
    conv = torch.nn.Conv2d(3, 5, 3, padding=1)
    x = torch.randn(2, 3, 7, 6)
    wanted = conv(torch.nn.functional.interpolate(x, scale_factor=2.0, mode="nearest"))
    torch.testing.assert_close(Doubling(conv)(x), wanted, atol=1e-5, rtol=1e-4)


def test_folding_changes_nothing_but_the_time() -> None:
    given = inputs(TINY, 2, 64, 3)
    noise, states = (torch.from_numpy(a) for a in given.values())
    unet, autoencoder = build(TINY)
    with torch.inference_mode():
        latents = noise * NOISE * sigma()
        answer = unet(latents / (sigma() ** 2 + 1) ** 0.5, STEP, states).sample
        clean = latents - sigma() * answer
        plain = (autoencoder.decode(clean).sample.permute(0, 2, 3, 1).clamp(-1, 1) + 1) * 127.5
        folded = OneStep(*build(TINY))(noise, states).float()
    assert plain.std() > 10, "the picture shows something"
    assert (answer * sigma()).std() > 0.1, "of the network too"
    assert (folded - plain.round()).abs().max() <= 1


@pytest.mark.slow
def test_all_paint_the_same_and_one_that_fails_drops_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openvino")
    told: list[str] = []
    monkeypatch.setattr(eight_bit_matrices, "LARGE", 256)
    path, bits = tmp_path / "work.onnx", tmp_path / "work.int8.onnx"
    export_work(WORK, TINY, path)
    export_work(WORK, TINY, bits, eight_bits=True)
    entries = [Entry(name, WORK, "cpu", path) for name in (PLAIN, "onnxruntime", "nobody")]
    entries.append(Entry(EIGHT_BITS, WORK, "cpu", bits))
    plain, ours, nobody, rounded = race(entries, TINY, 2, tmp_path, told.append)
    assert "no runtime" in nobody.failed
    assert not nobody.ms
    for one in (plain, ours, rounded):
        assert not one.failed
        assert len(one.ms) == len(one.cpu_ms) == 2
        assert one.peak_mb > 50
    assert plain.difference is None
    assert ours.difference is not None
    assert 0 < ours.difference < 0.1
    assert rounded.difference is not None
    assert 0 < rounded.difference < 0.15
    assert np.load(tmp_path / "1.npy").std() > 10
    text = peer_bench.table([plain, ours, nobody])
    assert "failed: there is no runtime" in text
    ratio, _ = peer_bench.ratios(ours, plain)
    assert ratio == pytest.approx(plain.at(50) / ours.at(50))
    json.dumps(peer_bench.as_json([plain, ours, nobody], "tiny", 2), allow_nan=False)


def test_memory_is_asked_for_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_memory", lambda: 1_000_000)
    with pytest.raises(BundleError, match=r"of memory are needed, 1 MB are free"):
        peer_bench.bench([WORK], [PLAIN], TINY, 1, tmp_path)
    assert not list(tmp_path.iterdir())
