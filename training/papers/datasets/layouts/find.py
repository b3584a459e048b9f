"""Which layout a folder has: by name, or by what lies in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from training.loop.plain_errors import InputError
from training.papers.datasets.layouts import (
    audioset,
    fsd50k,
    greatest_hits,
    landscape,
    llp,
    macs,
    manifest,
    vggsound,
)
from training.papers.datasets.layouts.clips import Listing

LAYOUTS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (manifest, vggsound, llp, audioset, fsd50k, landscape, greatest_hits, macs)
}
"""Each has `lists(root)`, the lists or folders that it finds, and `read(root, lists)`."""


def read_layout(name: str, root: Path, given: Sequence[Path] = ()) -> Listing:
    """What a data set lists, by key; a clip that is listed twice counts once.

    Args:
        name: of the layout, or `auto`.
        root: the data set's folder.
        given: its lists where they are not under the root; else they are looked for.

    Raises:
        InputError: no such folder, no list in it, or no clip whose files are there.
    """
    if not root.is_dir():
        raise InputError(f"{root} is no folder: name the data set's with --root")
    if name == "auto":
        name = _name_of(root)
    layout = LAYOUTS[name]
    for path in given:
        if not path.exists():
            raise InputError(f"{path} is not there: name the data set's list with --list")
    lists = list(given) or layout.lists(root)
    if not lists:
        about = (layout.__doc__ or "").splitlines()[0].rstrip(".")
        raise InputError(f"{root} has none of this: {about}; name lists elsewhere with --list")
    listing: Listing = layout.read(root, lists)
    if not listing.clips:
        raise InputError(
            f"none of the {len(listing.missing)} clips that {lists[0]} lists has its files under "
            f"{root} ({len(listing.unread)} of its lines name no clip)"
        )
    return listing


def _name_of(root: Path) -> str:
    if manifest.lists(root):
        return "manifest"
    found = [name for name, layout in LAYOUTS.items() if layout.lists(root)]
    if len(found) == 1:
        return found[0]
    seen = f"several data sets ({', '.join(found)})" if found else "none of the data sets known"
    raise InputError(f"{root} looks like {seen}: say which of {', '.join(LAYOUTS)} it is")
