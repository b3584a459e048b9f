"""`soundglass engines` as a person types it."""

import json
from pathlib import Path

import pytest

from engine.runtimes.cache import engine_folder
from engine.runtimes.open import has_tensorrt, installed_runtimes
from live import cli

pytestmark = pytest.mark.skipif(
    "openvino" not in installed_runtimes(), reason="openvino not installed"
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_build_list_verify_and_prune(small_bundle: Path, capsys: pytest.CaptureFixture[str]):
    def said(*arguments: str) -> tuple[int, list[dict]]:
        code = cli.main(["engines", "--bundle", str(small_bundle), "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)

    assert said() == (0, [])
    code, built = said("--build", "--runtime", "openvino")
    assert code == 0
    assert {row["for"] for row in built} == {
        "encoder.onnx", "separator.onnx", "generator-1.onnx", "generator-2.onnx"
    }  # fmt: skip
    assert all(0 <= row["off its ONNX"] < 0.15 for row in built)
    code, listed = said()
    assert [row["state"] for row in listed] == ["usable"] * 4
    path = engine_folder() / listed[0]["engine"]
    path.write_bytes(path.read_bytes()[:-1])
    code, verified = said("--verify")
    assert code == 1
    assert [row["fault"] for row in verified] == [True, False, False, False]
    assert "damaged" in verified[0]["state"]
    assert all(0 <= row["compared now"] < 0.15 for row in verified[1:])
    code, pruned = said("--prune")
    assert code == 0
    assert [row["removed"] for row in pruned] == [path.name]


@pytest.mark.skipif(has_tensorrt(), reason="there is a GPU")
def test_without_a_gpu_it_says_so_in_one_line(
    small_bundle: Path, capfd: pytest.CaptureFixture[str]
):
    for arguments, said in (
        (["--self-test"], "there is no GPU here that a runtime can use"),
        (["--build", "--runtime", "tensorrt"], "soundglass: TensorRT is not installed"),
        (["--build", "--runtime", "openvino:NPU"], "OpenVINO finds no NPU here, only CPU"),
    ):
        assert cli.main(["engines", "--bundle", str(small_bundle), *arguments]) == 2
        line = capfd.readouterr().err
        assert line.count("\n") == 1
        assert said in line
