"""A bundle's generators in eight bits, and what each precision costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from engine.bundle.load import load_bundle  # noqa: E402
from engine.packets import U8  # noqa: E402
from export import bench_precision, eight_bits  # noqa: E402
from export.bundle.picture import show_inputs  # noqa: E402
from live import cli  # noqa: E402
from tests.export.bundle.test_bundle import SPEC, home  # noqa: E402, F401


@pytest.fixture(scope="module")
def bundle(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """Weights in half, arithmetic in single."""
    (home / "half.toml").write_text(SPEC.replace('"fp16"', '"fp16-weights"'))
    out = tmp_path_factory.mktemp("bundles") / "small"
    assert cli.main(["export", str(home / "half.toml"), "-o", str(out)]) == 0
    return out


def painted(folder: Path) -> U8:
    bundle = load_bundle(folder)
    models = bundle.models("onnxruntime", threads=1)
    given = next(iter(show_inputs(bundle.vocabulary, 1, seed=3)))
    picture = models.generators[1].run(given)["picture"]
    models.close()
    return picture


def test_it_paints_the_same_from_a_smaller_file(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, size = painted(bundle), (bundle / "generator.weights").stat().st_size
    assert eight_bits.main([str(bundle)]) == 0
    assert "verified; pictures at most" in capsys.readouterr().out
    manifest = load_bundle(bundle).manifest
    told = manifest.measured["export"]["generator-1.onnx"]
    assert told["precision"] == "int8"
    assert told["bounds"] == {"batch": [1, 3], "height": [128, 576], "width": [128, 1024]}
    assert 1e-4 < told["relative_error"]["picture"] < 0.15
    assert manifest.file("generator", 1).precision == "int8"
    assert (bundle / "generator.weights").stat().st_size < 0.8 * size
    after = painted(bundle)
    assert (after != before).any()
    assert np.abs(after.astype(int) - before).mean() < 0.05 * 255

    with pytest.raises(SystemExit) as ended:
        eight_bits.main([str(bundle)])
    assert ended.value.code == 2
    assert "is in int8" in capsys.readouterr().err


def test_what_each_precision_costs(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_precision.main([str(bundle), "--frames", "1"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert {row[0] for row in rows[1:]} == {"fp32", "fp16-weights", "fp16", "bf16", "int8"}
    assert rows[1][:2] == ["fp32", "onnxruntime"]
    assert rows[1][-1] == "inf"
