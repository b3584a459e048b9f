"""What became of every clip that a data set lists: `report.json` beside the shards."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from training.loop.whole_files import write_text
from training.papers.datasets.index import Index
from training.papers.datasets.layouts.clips import Listing
from training.papers.datasets.work import Made

REPORT = "report.json"


def write_report(folder: Path, listing: Listing, made: Sequence[Made], index: Index) -> str:
    """Write the report; return it in a few words."""
    broken = sorted(pair for one in made for pair in one.broken)
    groups = {"missing": listing.missing, "broken": broken, "duplicate": listing.duplicate}
    counts = {"ready": sum(index.clips(split) for split in index.splits)}
    counts |= {name: len(pairs) for name, pairs in groups.items()}
    counts["unread"] = len(listing.unread)
    report = {
        "dataset": listing.dataset,
        "counts": counts,
        "splits": {split: index.clips(split) for split in index.splits},
        "reasons": {
            name: dict(Counter(why for _, why in pairs).most_common())
            for name, pairs in groups.items()
        },
        **{name: [dict(key=key, why=why) for key, why in pairs] for name, pairs in groups.items()},
        "unread": listing.unread,
    }
    write_text(folder / REPORT, json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    splits = ", ".join(f"{name} {count}" for name, count in report["splits"].items())
    others = ", ".join(
        f"{count} {word}"
        for word, count in (
            ("missing", counts["missing"]),
            ("broken", counts["broken"]),
            ("listed twice", counts["duplicate"]),
            ("lines that name no clip", counts["unread"]),
        )
        if count
    )
    tail = f"; {others}: see {folder / REPORT}" if others else ""
    return f"{listing.dataset}: {counts['ready']} clips ({splits}) in {folder}{tail}"
