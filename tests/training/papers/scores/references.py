"""The field's own programs, in tests only: installed without what they depend on.

    pip install --no-deps --target FOLDER pytorch-fid clean-fid torchmetrics torch-fidelity \
        lightning-utilities
    PYTHONPATH=FOLDER python -m pytest tests/training/papers/scores

They import torchvision, which breaks torch's build for processors, for what is not asked of them
here: something stands in for it while they load, and is gone afterwards.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest

_STANDING_IN = (
    "torchvision", "torchvision.transforms", "torchvision.transforms.functional",
    "torchvision.models", "torchvision.models.inception", "torchvision.datasets",
)  # fmt: skip


class _Anything(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return sys.modules.get(f"{self.__name__}.{name}") or type(name, (), {})


@contextmanager
def _stand_ins() -> Iterator[None]:
    for name in _STANDING_IN:
        module = _Anything(name)
        module.__path__, module.__spec__ = [], ModuleSpec(name, None)
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in _STANDING_IN:
            del sys.modules[name]


def reference(package: str, module: str) -> Any:
    """One of their modules; skips the test, with the remedy, where the package is not there."""
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed; references.py says how, without dependencies")
    with _stand_ins():
        return importlib.import_module(f"{package}.{module}")
