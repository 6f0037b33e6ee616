"""`depthviz info`: what a study holds and how it was measured, as text or JSON."""

import json
from typing import Any

import pandas as pd

from depthviz.reports import (
    group_table,
    member_table,
    probe_table,
    provenance_table,
)
from depthviz.reports.findings import describe_ties
from depthviz.reports.table_text import format_table
from depthviz.study import Study, open_study
from depthviz.study.members import is_ensemble, shown_member

__all__ = ["print_info"]


def print_info(path: str, *, as_json: bool = False) -> None:
    """Print what a study holds.

    Args:
        path: Its folder.
        as_json: Whether to print one JSON object in place of text.

    Raises:
        DepthvizError: If there is no study to read.
    """
    study = open_study(path)
    print(_as_json(study) if as_json else _as_text(study))


def _as_text(study: Study) -> str:
    blocks = [str(study)]
    for title, table in _tables(study).items():
        heading = title
        if title == "Probes" and is_ensemble(study.dataset):
            member = shown_member(study.dataset)
            heading = f"Probes of member {member}, the one that is shown"
        blocks.append(f"\n{heading}\n{format_table(table).to_string(index=False)}")
        if title == "Groups" and (ties := describe_ties(study)):
            blocks.append(ties)
    blocks.append("\nHow it was measured")
    facts = provenance_table(study).itertuples(index=False)
    return "\n".join([*blocks, *(f"{fact.what}: {fact.value}" for fact in facts)])


def _as_json(study: Study) -> str:
    """Write the same facts for programs; NaN is null, shares are in [0, 1]."""
    facts = provenance_table(study)
    return json.dumps(
        {
            "title": study.dataset.attrs.get("title"),
            "examples": len(study),
            "probes": list(study.probes),
            "classes": list(study.classes),
            "columns": [str(name) for name in study.frame().columns],
            "tables": {
                title.lower(): _records(table)
                for title, table in _tables(study).items()
            },
            "provenance": dict(zip(facts["what"], facts["value"], strict=True)),
        },
        ensure_ascii=False,
        allow_nan=False,
        indent=2,
    )


def _records(table: pd.DataFrame) -> Any:
    return json.loads(table.to_json(orient="records", double_precision=6))


def _tables(study: Study) -> dict[str, pd.DataFrame]:
    tables = {"Probes": probe_table(study)}
    if is_ensemble(study.dataset):
        tables |= {"Groups": group_table(study), "Members": member_table(study)}
    return tables
