"""What a newcomer waits for, and what the second run takes: fresh processes."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.tables import table

__all__ = ["ROOT", "run_fresh", "stages_table"]

ROOT = Path(__file__).parents[3]
WATCHED = Path(__file__).with_name("watched.py")
FEWEST = 0.005  # smaller shares are not listed


def run_fresh(
    code: str, *, cache: Path, checkout: Path = ROOT, folder: Path
) -> dict[str, Any]:
    """Run code in a process of its own.

    Args:
        code: Python. Where it sets `watch` to a `Watch`, that is what counts.
        cache: Folder of compiled loops; empty for a first use.
        checkout: Whose package it imports.
        folder: Where it runs, and what it leaves.

    Returns:
        Seconds, processor seconds and shares by stage.
    """
    folder.mkdir(parents=True, exist_ok=True)
    result = folder / "result.json"
    environment = os.environ | {
        "NUMBA_CACHE_DIR": str(cache),
        "PYTHONPATH": os.pathsep.join(map(str, (checkout, ROOT))),
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, str(WATCHED), str(result), code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The run failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(result.read_text())
    return found


def stages_table(title: str, runs: Mapping[str, Mapping[str, Any]]) -> str:
    """Write where the time of some runs went, one column a run."""
    names: list[str] = []
    for facts in runs.values():
        shares = facts["shares"]
        names += [one for one in shares if one not in names and shares[one] >= FEWEST]
    rows: list[Sequence[str | float | None]] = [
        ("seconds", *(facts["seconds"] for facts in runs.values())),
        ("processor seconds", *(facts["cpu"] for facts in runs.values())),
        *((name, *_percent(name, runs)) for name in names),
    ]
    return table(title, ["", *runs], rows)


def _percent(name: str, runs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    shares = (facts["shares"].get(name, 0.0) for facts in runs.values())
    return [f"{share:.0%}" for share in shares]
