"""What a command was given wrongly is said in one line that tells what to do next."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

NOWHERE = "no-such-folder"
CASES = [
    ("export.picture_sheet", "nothing -o sheet.jpg", "nothing"),
    ("export.picturebook", f"{NOWHERE} -o bundle", "python -m export.sound"),
    ("export.picturebook", "--figures broken.pt -o bundle", "training.evaluate"),
    (
        "export.sound", "--encoder none.pt --separator none.pt -o hearing",
        "python -m training.train_separator",
    ),
    ("training.distil", NOWHERE, "training.train_generator"),
    ("training.evaluate", "nothing", "nothing"),
    ("training.picturebook", f"--sounds {NOWHERE} --hours 0 --runs runs", "manifest.csv"),
    ("training.picturebook", "--hours -1", "from 0 up"),
    ("training.painting.pictures", "runs --scenes 0", "1 or more"),
    ("training.refine_decoder", NOWHERE, "training.train_autoencoder"),
    ("training.retrieval", f"--images {NOWHERE} --sounds {NOWHERE} -o pairs.csv", "no pictures"),
    ("training.taught_pool", f"--sounds {NOWHERE} -o pool", "manifest.csv"),
    ("training.train_autoencoder", "runs --minutes -1", "from 0 up"),
    ("training.train_presence", f"--pool {NOWHERE}", "python -m training.taught_pool"),
    ("training.train_presence", "--minutes nan", "from 0 up"),
    ("training.train_generator", NOWHERE, "training.train_autoencoder"),
    ("training.train_judge", "runs --workers two", "1 or more"),
    ("training.train_separator", f"--pool {NOWHERE}", "python -m training.taught_pool"),
    ("training.train_separator", "--steps -3", "1 or more"),
]


@pytest.mark.parametrize(
    ("command", "given", "remedy"), CASES, ids=[f"{case[0]} {case[1]}" for case in CASES]
)
def test_one_line_and_exit_code_2(
    command: str, given: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOUNDGLASS_SOUNDS", raising=False)
    (tmp_path / "broken.pt").write_bytes(b"no checkpoint")
    monkeypatch.setattr(sys, "argv", [command, *given.split()])
    module = import_module(command)
    if hasattr(module, "__path__"):  # a package that is run
        module = import_module(f"{command}.__main__")
    with pytest.raises(SystemExit) as ended:
        module.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert remedy in told[-1]
    assert "error: " in told[-1]
    assert len([line for line in told if "error: " in line]) == 1


def test_a_file_that_is_no_checkpoint_is_named(tmp_path: Path) -> None:
    from training.hearing.separator_training import load_separator
    from training.loop.plain_errors import InputError

    (tmp_path / "separator.pt").write_bytes(b"something else")
    with pytest.raises(InputError, match=r"separator\.pt is no checkpoint"):
        load_separator(tmp_path / "separator.pt")


def test_faults_of_the_program_keep_their_traceback() -> None:
    from training.loop.plain_errors import plain_errors

    with pytest.raises(ZeroDivisionError), plain_errors():
        print(1 / 0)
    with pytest.raises(SystemExit, match="130"), plain_errors():
        raise KeyboardInterrupt
