"""Whatever lies where a bundle should be, sealed or not: the bundle, or one line that says why."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bundle.load import BundleError, find_bundle, load_bundle
from engine.bundle.manifest import MANIFEST_NAME, MOST_BYTES, parse_manifest
from engine.bundle.seal import seal
from engine.system.terminal import harmless


@pytest.fixture
def copy(small_bundle: Path, tmp_path: Path) -> Path:
    """A bundle of one's own, to do harm to."""
    return Path(shutil.copytree(small_bundle, tmp_path / "copy"))


def refused(folder: Path | str) -> str:
    with pytest.raises(BundleError) as caught:
        load_bundle(folder)
    line = str(caught.value)
    assert len(line) < 1000
    return line


ODD = {
    "nothing": b"",
    "nested": b'{"a": ' + b"[" * 20_000,
    "many digits": b'{"schema": ' + b"9" * 5000 + b"}",
    "binary": bytes(range(256)),
    "utf-16": '{"schema": 1}'.encode("utf-16"),
    "a mark before it": b"\xef\xbb\xbf[]",
    "huge": b" " * (MOST_BYTES + 1),
}


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD)
def test_an_odd_manifest_is_named(copy: Path, raw: bytes) -> None:
    (copy / MANIFEST_NAME).write_bytes(raw)
    assert MANIFEST_NAME in refused(copy)


def test_a_manifest_that_is_no_file(copy: Path) -> None:
    (copy / MANIFEST_NAME).unlink()
    os.mkfifo(copy / MANIFEST_NAME)
    assert MANIFEST_NAME in refused(copy)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "a\x1b[31mb"}, "name holds characters"),
        ({"labels": ["rain\ud800"]}, "labels holds characters"),
        ({"labels": ["\u202egpj"]}, "labels holds characters"),
        ({"window_s": 10**400}, "window_s must be a number"),
        ({"label_temperature": -(10**400)}, "label_temperature must be a number"),
        ({"sources": 10**400}, "sources must be a whole number"),
    ],
    ids=str,
)
def test_a_sealed_manifest_of_odd_values(copy: Path, change: dict[str, Any], said: str) -> None:
    told = json.loads((copy / MANIFEST_NAME).read_bytes()) | change
    (copy / MANIFEST_NAME).write_bytes(seal(json.dumps(told).encode()))
    assert said in refused(copy)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\x02\x00{(", b"PK\x03\x04" + b"x" * 60,
        b"\x93NUMPY\x01\x00\x76\x00" + b"{'descr': '<f4', 'fortran_order': False, "
        b"'shape': (99999999, 99999999999)}".ljust(117) + b"\n",
        b"\x93NUMPY\x01\x00\x76\x00" + (b"(" * 117) + b"\n",
    ],
)  # fmt: skip
def test_an_array_that_is_none_but_has_its_hash(copy: Path, raw: bytes) -> None:
    told = json.loads((copy / MANIFEST_NAME).read_bytes())
    (copy / "vocabulary.npy").write_bytes(raw)
    told["files"]["vocabulary.npy"] |= {
        "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest(),
    }  # fmt: skip
    (copy / MANIFEST_NAME).write_bytes(seal(json.dumps(told).encode()))
    line = refused(copy)
    assert "vocabulary.npy" in line or MANIFEST_NAME in line


def test_a_folder_that_cannot_be_a_bundle(tmp_path: Path) -> None:
    assert "check its name" in refused("a" * 300)
    assert "no such home folder" in refused("~nouser-at-all/bundle")
    assert "no bundle" in refused(tmp_path)
    (tmp_path / "circle").symlink_to("circle")
    refused(tmp_path / "circle")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100) | st.text(max_size=60).map(lambda text: text.encode()))
def test_no_manifest_is_a_traceback(raw: bytes) -> None:
    with pytest.raises(BundleError):
        parse_manifest(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers()
    | st.integers(min_value=10**310, max_value=10**4000),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_value_of_a_manifest_is_a_traceback(small_bundle: Path, data: st.DataObject) -> None:
    told = json.loads((small_bundle / MANIFEST_NAME).read_bytes())
    place, name = told, data.draw(st.sampled_from(sorted(told)))
    if isinstance(told[name], dict) and told[name] and data.draw(st.booleans()):
        place, name = told[name], data.draw(st.sampled_from(sorted(told[name])))
    place[name] = data.draw(JSON)
    try:
        manifest = parse_manifest(json.dumps(told).encode())
    except BundleError:
        return
    for label in manifest.labels:
        assert harmless(label) == label


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=300).map(os.fsdecode).filter(lambda name: "\0" not in name))
def test_no_name_is_a_traceback(name: str) -> None:
    try:
        find_bundle(name)
    except BundleError as error:
        line = str(error)
    else:
        return
    assert len(line) < 1000


def test_the_item_at_fault_is_told_and_text_that_acts_is_none_in_a_shape(copy: Path) -> None:
    told = json.loads((copy / MANIFEST_NAME).read_bytes())
    told["labels"].append(3)
    (copy / MANIFEST_NAME).write_bytes(seal(json.dumps(told).encode()))
    assert "labels must hold texts only, not 3" in refused(copy)
    told["labels"].pop()
    told["files"]["encoder.onnx"]["inputs"]["audio"]["shape"][0] = "a\x1b[31mb"
    (copy / MANIFEST_NAME).write_bytes(seal(json.dumps(told).encode()))
    assert "files.encoder.onnx.inputs.audio.shape holds characters" in refused(copy)
