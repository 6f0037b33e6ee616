"""Decisions as columns of a view: `verdict`, `annotators` and `disagreement`.

The page writes their values, from the events that it has, so that they are never older
than what is decided in it; what is packed is a place for them. Python finds the same
values anew from the store when it is asked what a view shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from depthviz.widgets.payload.chunks import Chunks
from depthviz.widgets.payload.pack import Pack

__all__ = ["DECIDED", "DISPUTED", "OTHER", "verdict_names", "with_places"]

DECIDED = ("verdict", "annotators", "disagreement")
DISPUTED, OTHER = "disputed", "other"
_MISSING = np.iinfo(np.uint8).max
_MOST_NAMES = 200


def verdict_names(schema: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    """Name what the column of verdicts may hold.

    Args:
        schema: What may be decided.
        known: Verdicts that the store has, of whatever schema.

    Returns:
        Those of the schema, then the others, then "disputed", and "other" for what
        comes later.
    """
    named = [each["value"] for each in schema["verdicts"]]
    others = [each for each in known if each not in (*named, DISPUTED, OTHER)]
    return [*named, *sorted(set(others))[:_MOST_NAMES], DISPUTED, OTHER]


def with_places(pack: Pack, names: Sequence[str]) -> Pack:
    """Give a pack empty columns of decisions, in the place of any of these names.

    Args:
        pack: The study, packed.
        names: What the column of verdicts may hold.

    Returns:
        Another pack.
    """
    count = pack.manifest["count"]
    columns = [
        {
            **_describe("verdict", "category", "uint8", "Verdict"),
            "categories": list(names),
        },
        {
            **_describe("annotators", "number", "float32", "Annotators"),
            "integer": True,
            "help": "How many people, models and rules gave a verdict.",
        },
        {
            **_describe("disagreement", "number", "float32", "Disagreement"),
            "harder": "larger",
            "help": "The share of pairs of verdicts that differ.",
        },
    ]
    data = (
        np.full(count, _MISSING, np.uint8),
        np.zeros(count, "<f4"),
        np.full(count, np.nan, "<f4"),
    )
    chunks = {
        f"column/{name}": values.tobytes()
        for name, values in zip(DECIDED, data, strict=True)
    }
    kept = [each for each in pack.manifest["columns"] if each["name"] not in DECIDED]
    packed = Chunks.over(pack.chunks, chunks)
    manifest = {
        **pack.manifest,
        "columns": [*kept, *columns],
        "chunks": packed.sizes,
    }
    return Pack(manifest, packed)


def _describe(name: str, kind: str, dtype: str, title: str) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "dtype": dtype,
        "title": title,
        "changes": True,
    }


def with_decisions(
    frame: pd.DataFrame, decided: pd.DataFrame, names: Sequence[str]
) -> pd.DataFrame:
    """Put decisions into a table of the examples.

    Args:
        frame: `study.frame()`.
        decided: The columns of decisions, one row an example in the same order.
        names: What the column of verdicts may hold; anything else is "other".

    Returns:
        Another table.
    """
    verdicts = decided["verdict"].where(decided["verdict"].isin(["", *names]), OTHER)
    verdicts = verdicts.where(verdicts != "", None)
    return frame.assign(
        **{
            **{name: decided[name].to_numpy() for name in DECIDED},
            "verdict": verdicts.to_numpy(object),
        }
    )
