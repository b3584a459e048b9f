"""What a fresh machine relies on: the two commands, the pinned versions, the licence."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def constraints() -> dict[str, str]:
    found = {}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, version = line.partition("==")
            found[plain(name)] = version
    return found


def test_every_dependency_is_pinned_and_nothing_has_an_address() -> None:
    pinned = constraints()
    wanted = list(PROJECT["dependencies"])
    for extra in PROJECT["optional-dependencies"].values():
        wanted += extra
    for requirement in wanted:
        name = NAME.match(requirement)
        assert name, requirement
        if name.group() != PROJECT["name"]:
            assert plain(name.group()) in pinned, requirement
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert "://" not in text
    assert "@" not in text
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version) for version in pinned.values())


def test_the_live_environment_has_no_torch() -> None:
    live = " ".join(PROJECT["dependencies"])
    for name in ("torch", "transformers", "diffusers", "onnxscript"):
        assert name not in live.lower()


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert PROJECT["license"] == "Apache-2.0"


@pytest.mark.parametrize("script", [".ci/run", "scripts/system-packages.sh"])
def test_the_scripts_are_plain_shell(script: str) -> None:
    path = ROOT / script
    assert path.read_text("utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(path)], check=True)
    assert path.stat().st_mode & 0o111, f"{script} is not executable"


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
@pytest.mark.parametrize("target", ["run", "test", "lint"])
def test_make_knows_its_targets(target: str) -> None:
    done = subprocess.run(
        ["make", "--dry-run", target, "PYTHON=python3"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A folder of commands as PATH, to which a test adds its own."""
    for name in ("sh", "env", "cat", "echo"):
        found = shutil.which(name)
        assert found
        (tmp_path / name).symlink_to(found)
    return tmp_path


def command(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def system_packages(folder: Path, purpose: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "system-packages.sh"), purpose],
        capture_output=True,
        text=True,
        env={"PATH": str(folder)},
    )


def test_without_root_the_exact_line_is_printed(bare_path: Path) -> None:
    command(bare_path, "dpkg-query", "exit 1")
    command(bare_path, "apt-get", "exit 1")
    command(bare_path, "id", "echo 1000")
    done = system_packages(bare_path, "run")
    assert done.returncode == 3
    assert "type: sudo apt-get update && sudo apt-get install -y" in done.stderr
    assert "libportaudio2" in done.stderr
    assert system_packages(bare_path, "venv").returncode == 1


def test_what_is_there_is_not_installed_again(bare_path: Path) -> None:
    command(bare_path, "dpkg-query", "echo installed")
    command(bare_path, "apt-get", "exit 1")
    done = system_packages(bare_path, "test")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_as_root_only_what_is_missing_is_installed(bare_path: Path) -> None:
    log = bare_path / "log"
    command(bare_path, "dpkg-query", 'case "$*" in *portaudio*) exit 1;; esac; echo installed')
    command(bare_path, "apt-get", f'echo "$@" >> {log}')
    command(bare_path, "id", "echo 0")
    assert system_packages(bare_path, "run").returncode == 0
    assert log.read_text().split()[-1] == "libportaudio2"
    assert "update" not in log.read_text()


def test_where_there_is_no_apt_the_names_are_told(bare_path: Path) -> None:
    done = system_packages(bare_path, "run")
    assert done.returncode == 3
    assert "libportaudio2" in done.stderr


_ADDRESSES = re.compile(r"/work/|/opt/pypi|/opt/wheels|/root/")


def test_no_machine_s_paths_in_the_sources() -> None:
    own = Path(__file__)
    for folder in ("engine", "live", "training", "export", "tests", "scripts", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".sh", ".md", "") and path.is_file() and path != own:
                if "__pycache__" in path.parts or "bundles" in path.parts:
                    continue
                found = _ADDRESSES.search(path.read_text("utf-8", "replace"))
                assert not found, f"{path.relative_to(ROOT)} mentions {found and found.group()}"
