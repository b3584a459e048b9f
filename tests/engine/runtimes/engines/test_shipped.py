"""The shipped bundle's generators, compiled: near enough to their ONNX in either exactness."""

import pytest

from engine.bundle.load import load_bundle
from engine.runtimes.engines import provide as engines

pytest.importorskip("openvino")


@pytest.mark.parametrize("exact", [True, False])
def test_they_are_taken(exact: bool, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    bundle = load_bundle("picturebook")
    spec = bundle.engine(bundle.manifest.file("generator", 2), "openvino", None, exact)
    model = engines.open_engine(spec)
    assert model.runtime == "openvino"
    model.close()
