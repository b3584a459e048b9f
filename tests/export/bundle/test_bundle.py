"""`soundglass export`: from a spec to a bundle, whole or not at all."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from engine.bundle.load import load_bundle  # noqa: E402
from export import bench_precision, eight_bits  # noqa: E402
from export.bundle import build as export_bundle  # noqa: E402
from export.bundle import space as room  # noqa: E402
from live import cli  # noqa: E402
from training.hearing.encoder_training import Student  # noqa: E402
from training.hearing.separator import Separator  # noqa: E402
from training.loop.trainer import save_checkpoint  # noqa: E402
from training.painting.autoencoder import Autoencoder  # noqa: E402
from training.painting.finish import Finish, Painted  # noqa: E402
from training.painting.generator import Painter  # noqa: E402

SPEC = """
name = "small"
licence = "Apache-2.0"

[separator]
checkpoint = "separator.pt"
precision = "fp16-weights"

[encoder]
checkpoint = "encoder.pt"
precision = "fp32"
batch = [1, 6]

[generator]
checkpoint = "student.pt"
kind = "student"
autoencoder = "autoencoder.pt"
decoder = "decoder.pt"
finish = "finish.pt"
steps = [1]
batch = [1, 3]
largest = [576, 1024]
precision = "fp16"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a spec and untrained checkpoints."""
    folder = tmp_path_factory.mktemp("home")
    torch.manual_seed(0)
    done = {"step": 7, "spent_s": 90.0, "facts": {}}
    save_checkpoint(folder / "separator.pt", {"average": Separator().state_dict(), **done})
    save_checkpoint(folder / "encoder.pt", {"average": Student().state_dict(), **done})
    autoencoder = Autoencoder()
    save_checkpoint(folder / "autoencoder.final.pt", {"model": autoencoder.state_dict()})
    save_checkpoint(folder / "autoencoder.pt", {"average": autoencoder.state_dict(), **done})
    refined = Autoencoder().decoder.state_dict()
    save_checkpoint(folder / "decoder.pt", {"average": refined, **done})
    painted = Painted(Finish(autoencoder.decoder))
    save_checkpoint(folder / "finish.pt", {"average": painted.state_dict(), **done})
    painter = Painter(fine=16, coarse=32, deep=1)
    torch.nn.init.normal_(painter.generator.leave.weight, std=0.05)
    save_checkpoint(folder / "student.pt", {"average": painter.state_dict(), **done})
    (folder / "small.toml").write_text(SPEC)
    return folder


@pytest.fixture(scope="module")
def exported(home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The bundle of that spec, and what the export said."""
    out = tmp_path_factory.mktemp("bundles") / "small"
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert cli.main(["export", str(home / "small.toml"), "-o", str(out)]) == 0
    return out, said.getvalue()


def test_from_a_spec_to_a_bundle(exported: tuple[Path, str]) -> None:
    out, said = exported
    manifest = load_bundle(out).manifest
    assert (manifest.name, manifest.licence, manifest.pictures.steps) == (
        "small", "Apache-2.0", (1,)
    )  # fmt: skip
    told = manifest.measured["export"]
    assert told["generator-1.onnx"]["precision"] == "fp16"
    assert told["generator-1.onnx"]["bounds"] == {
        "batch": [1, 3], "height": [128, 576], "width": [128, 1024]
    }  # fmt: skip
    assert 0 < told["generator-1.onnx"]["relative_error"]["picture"] < 2e-2
    assert set(told["separator.onnx"]["relative_error"]) == {"sources", "next_state"}
    assert manifest.file("separator").precision == "float16"
    assert manifest.training["decoder"] == {"steps": 7, "minutes": 1.5}
    assert "generator-1.onnx  fp16" in said
    assert "verified" in said
    assert [path.name for path in out.parent.iterdir()] == ["small"]


def test_sixteen_bits_are_not_made_single_again(
    exported: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = exported
    with pytest.raises(SystemExit, match="2"):
        bench_precision.main([str(out)])
    assert "computes in fp16" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        eight_bits.main([str(out)])
    assert "is in fp16" in capsys.readouterr().err


def _remove(folder: Path) -> None:
    (folder / "student.pt").unlink()


def _another(folder: Path) -> None:
    (folder / "student.pt").write_bytes((folder / "separator.pt").read_bytes())


def _other_sizes(folder: Path) -> None:
    saved = torch.load(folder / "separator.pt", weights_only=True)
    name = next(iter(saved["average"]))
    saved["average"][name] = saved["average"][name][:1]
    torch.save(saved, folder / "separator.pt")


def _code(folder: Path) -> None:
    torch.save({"average": print}, folder / "encoder.pt")


def _no_archive(folder: Path) -> None:
    (folder / "decoder.pt").write_bytes(b"version https://git-lfs.github.com/spec/v1")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_remove, "there is no checkpoint .*student.pt"),
        (_another, "student.pt is no generator checkpoint"),
        (_other_sizes, "separator.pt is no separator checkpoint .*size mismatch"),
        (_code, "encoder.pt is no encoder checkpoint"),
        (_no_archive, "decoder.pt is no checkpoint"),
    ],
)
def test_a_wrong_checkpoint_leaves_one_line_and_nothing_else(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], None], said: str,
) -> None:  # fmt: skip
    mine = tmp_path / "mine"
    mine.mkdir()
    for path in home.iterdir():
        (mine / path.name).write_bytes(path.read_bytes())
    spoil(mine)
    out = tmp_path / "out" / "small"
    assert cli.main(["export", str(mine / "small.toml"), "-o", str(out)]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert re.search(said, error), error
    assert not out.exists()
    assert not out.parent.exists() or not list(out.parent.iterdir())


def test_an_interrupted_export_leaves_the_older_bundle(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "small"
    out.mkdir()
    (out / "bundle.json").write_text("older")

    def interrupted(separator: object, encoder: object, folder: Path, *more: object) -> None:
        folder.mkdir()
        (folder / "separator.onnx").write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(export_bundle, "export_all", interrupted)
    assert cli.main(["export", str(home / "small.toml"), "-o", str(out)]) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["small"]
    assert (out / "bundle.json").read_text() == "older"


def test_room_is_asked_for_before_anything_is_done(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = room.shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda place: usage)
    assert cli.main(["export", str(home / "small.toml"), "-o", str(tmp_path / "b")]) == 2
    assert "1 MB are free" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_what_is_no_bundle_is_not_replaced(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    assert cli.main(["export", str(home / "small.toml"), "-o", str(tmp_path)]) == 2
    assert "is no bundle and not empty" in capsys.readouterr().err
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_public_checkpoints_go_to_their_own_exporter(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.util import find_spec

    if find_spec("export.turbo") is None:
        assert cli.main(["export", "turbo", "--help"]) == 2
        assert "cannot export public checkpoints" in capsys.readouterr().err
