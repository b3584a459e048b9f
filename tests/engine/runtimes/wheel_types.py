"""What a compiled library's classes have, read from the library itself: for the check of our use.

TensorRT's bindings tell every signature in their docstrings; cuda-core's come with stubs.
"""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

_STAND_INS = {
    "nvinfer": (
        "createInferBuilder_INTERNAL createInferRefitter_INTERNAL createInferRuntime_INTERNAL "
        "getBuilderPluginRegistry getPluginRegistry"
    ),
    "nvinfer_plugin": "initLibNvInferPlugins",
    "nvonnxparser": (
        "createNvOnnxParserRefitter_INTERNAL createNvOnnxParser_INTERNAL getNvOnnxParserVersion"
    ),
}


@dataclass(frozen=True)
class Signature:
    """One way to call something."""

    names: tuple[str, ...]
    """Of the parameters, without self."""
    needed: frozenset[str]
    """Those that must be given."""
    gives: str
    """Name of the class of the result, "" where it is none of the library's."""

    def takes(self, positional: int, keywords: set[str]) -> bool:
        """Whether it can be called so."""
        rest = self.names[positional:]
        given = {*self.names[:positional], *keywords}
        return positional <= len(self.names) and keywords <= set(rest) and self.needed <= given


class TensorRtTypes:
    """The classes of tensorrt's bindings."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def has(self, kind: str, name: str) -> bool:
        """Whether a class has an attribute."""
        return hasattr(getattr(self._module, kind), name)

    def has_name(self, name: str) -> bool:
        """Whether the module has a name."""
        return hasattr(self._module, name)

    def is_class(self, name: str) -> bool:
        """Whether a name of the module is a class."""
        return inspect.isclass(getattr(self._module, name, None))

    def signatures(self, kind: str, name: str) -> list[Signature]:
        """Every way to call a method; [] for what is no method."""
        found = getattr(getattr(self._module, kind), name, None)
        lines = (found.__doc__ or "").splitlines() if callable(found) else []
        pattern = re.compile(rf"(?:\d+\. )?{re.escape(name)}\((.*)\) -> (.+)$")
        made = []
        for line in lines:
            match = pattern.match(line)
            if match is None or match.group(1).startswith("*args"):
                continue
            parts = [p for p in _split(match.group(1)) if not p.startswith("self")]
            names = tuple(p.split(":")[0].strip() for p in parts)
            needed = frozenset(n for n, p in zip(names, parts, strict=True) if "=" not in p)
            made.append(Signature(names, needed, match.group(2).rpartition(".")[2]))
        return made

    def attribute(self, kind: str, name: str) -> str:
        """Name of the class of a property's value, "" where it is none of the library's."""
        found = inspect.getattr_static(getattr(self._module, kind), name)
        doc = getattr(getattr(found, "fget", None), "__doc__", None) or ""
        return doc.strip().rpartition("-> ")[2].rpartition(".")[2].strip() if "->" in doc else ""


class StubTypes:
    """The classes of a package's stubs, all modules together."""

    def __init__(self, folder: Path) -> None:
        self._classes: dict[str, ast.ClassDef] = {}
        self._functions: dict[str, ast.FunctionDef] = {}
        for path in sorted((*folder.rglob("*.pyi"), *folder.rglob("_legacy.py"))):
            for node in ast.parse(path.read_text("utf-8")).body:
                # The system's Device is another class of the same name.
                named = f"system.{getattr(node, 'name', '')}" if "system" in path.parts else ""
                if isinstance(node, ast.ClassDef):
                    self._classes[named or node.name] = node
                elif isinstance(node, ast.FunctionDef):
                    self._functions[named or node.name] = node

    def has(self, kind: str, name: str) -> bool:
        """Whether a class has an attribute."""
        return bool(self._members(kind, name))

    def has_name(self, name: str) -> bool:
        """Whether there is such a class or function."""
        return name in self._classes or name in self._functions

    def is_class(self, name: str) -> bool:
        """Whether there is such a class."""
        return name in self._classes

    def signatures(self, kind: str, name: str) -> list[Signature]:
        """Every way to call a method; [] for a property."""
        return [_stub_signature(m) for m in self._members(kind, name) if not _is_property(m)]

    def function(self, name: str) -> Signature:
        """How to call a function of a module."""
        return _stub_signature(self._functions[name])

    def attribute(self, kind: str, name: str) -> str:
        """Name of the class of a property's value, as it is written."""
        for member in self._members(kind, name):
            if _is_property(member):
                return ast.unparse(member.returns) if member.returns else ""
        return ""

    def _members(self, kind: str, name: str) -> list[ast.FunctionDef]:
        node = self._classes.get(kind)
        if node is None:
            return []
        own = [m for m in node.body if isinstance(m, ast.FunctionDef) and m.name == name]
        bases = [b.id for b in node.bases if isinstance(b, ast.Name)]
        return own or [m for base in bases for m in self._members(base, name)]


def tensorrt_from_wheel(wheel: Path, folder: Path) -> ModuleType:
    """Import the bindings out of a wheel, with empty libraries in the place of TensorRT's own.

    The module names and describes everything; nothing of it can run.
    """
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    for library, functions in _STAND_INS.items():
        source = folder / f"{library}.c"
        source.write_text("".join(f"void *{f}(void) {{ return 0; }}\n" for f in functions.split()))
        # Beside the bindings, which look there.
        made = folder / "tensorrt_bindings" / f"lib{library}.so.11"
        subprocess.run(
            ["cc", "-shared", "-fPIC", f"-Wl,-soname,{made.name}", "-o", made, source], check=True
        )
    sys.path.insert(0, os.fspath(folder))
    try:
        import tensorrt_bindings  # type: ignore[import-not-found]
    finally:
        sys.path.remove(os.fspath(folder))
    return tensorrt_bindings


def _split(text: str) -> list[str]:
    """Parameters of a docstring's signature; commas inside brackets do not part them."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "[(<") - (letter in "])>")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def _is_property(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list)


def _stub_signature(node: ast.FunctionDef) -> Signature:
    kinds = {d.id for d in node.decorator_list if isinstance(d, ast.Name)}
    plain = node.args.args if "staticmethod" in kinds else node.args.args[1:]
    if node.args.args and node.args.args[0].arg not in ("self", "cls"):
        plain = node.args.args
    only = node.args.kwonlyargs
    needed = {a.arg for a in plain[: len(plain) - len(node.args.defaults)]}
    needed |= {a.arg for a, d in zip(only, node.args.kw_defaults, strict=True) if d is None}
    gives = ast.unparse(node.returns) if node.returns else ""
    return Signature(tuple(a.arg for a in (*plain, *only)), frozenset(needed), gives)
