"""The report: what a study found, the Explorer, and where it all came from.

One HTML file without kernel or network. Every text that comes from the study is
escaped. Computes nothing but counts.
"""

import html
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from depthviz.study import Study
from depthviz.widgets import pack_study, write_page

__all__ = ["probe_table", "provenance_table", "report"]

_HEIGHT = 760
_HOW_TO_READ = (
    "A k-NN probe at each layer asks which class is commonest among an example's "
    "nearest training examples. The depth of an example is the first probe from which "
    "every vote equals the network's prediction: 0 means that even the raw input "
    "settles it, a large depth that only the last layers do. Suspicion tells how far "
    "the neighbors agree on another class than the given label."
)
_RECALL = (
    " Search recall: share of the nearest neighbors that the approximate search found, "
    "measured on a sample; votes and depth rest on what it found."
)


def report(
    study: Study, path: str | os.PathLike[str], *, title: str | None = None
) -> Path:
    """Write a study as one offline HTML file: findings, Explorer, provenance.

    Args:
        study: What to report.
        path: The HTML file to write; an existing one is replaced.
        title: Heading; by default the study's own title.

    Returns:
        The path of the file.

    Raises:
        DataError: If the path is a folder.
        DependencyError: If the widget's bundle was never built.
        StudyError: If the study has no examples.
    """
    pack = pack_study(study, title=title)
    before = [
        f"<h1>{html.escape(pack.manifest['title'])}</h1>",
        f"<p>{html.escape(_findings(study))}</p>",
    ]
    after = [
        "<h2>How to read this</h2>",
        f"<p>{html.escape(_HOW_TO_READ)}</p>",
        "<h2>Probes</h2>",
        f"<p>{html.escape(_populations(study))}</p>",
        _html_table(probe_table(study)),
        "<h2>Provenance</h2>",
        _html_table(provenance_table(study)),
    ]
    return write_page(pack, path, height=_HEIGHT, before=before, after=after)


def probe_table(study: Study) -> pd.DataFrame:
    """Count, for each probe, what is settled there.

    Args:
        study: What to summarize.

    Returns:
        One row a probe: `probe`, `settled` (share of all examples whose depth is this
        probe's) and, over the validation examples where there are any, else over the
        training examples, `agreement` (share of votes equal to the prediction) and
        `accuracy` (share of votes equal to the label). With a projection also
        `neighbors_kept` (share of all examples' nearest neighbors that the map keeps),
        and after an approximate search `search_recall` (share of the nearest neighbors
        that it found, measured on a sample). Shares are in [0, 1].
    """
    data = study.dataset
    depth = data["depth"].values
    table = pd.DataFrame(
        {
            "probe": [str(name) for name in data["probe"].values],
            "settled": [
                float(np.mean(depth == probe)) for probe in range(data.sizes["probe"])
            ],
            "agreement": data["probe_agreement"].values,
            "accuracy": data["probe_accuracy"].values,
        }
    )
    for name in ("neighbors_kept", "search_recall"):
        if name in data:
            table[name] = data[name].values
    return table


def _findings(study: Study) -> str:
    frame = study.frame()
    last = study.dataset.sizes["probe"]
    undecided = int(frame["undecided"].sum())
    wrong = [
        f"{(~rows['correct']).sum():,} of {len(rows):,} {split} examples "
        f"({(~rows['correct']).mean():.1%})"
        for split, rows in frame.groupby("split", observed=True)
    ]
    return (
        f"{len(frame):,} examples, {last} probes. Mean depth "
        f"{frame['depth'].mean():.2f} of {last}; {(frame['depth'] == 0).mean():.0%} of "
        f"the examples are settled at the input. The network's prediction differs from "
        f"the given label for {' and '.join(wrong)}. {undecided:,} "
        f"({undecided / len(frame):.1%}) are undecided: even the last probe disagrees "
        f"with the prediction; they count as depth {last}."
    )


def provenance_table(study: Study) -> pd.DataFrame:
    """List how a study was measured.

    Args:
        study: What to describe.

    Returns:
        One row a fact, with the columns `what` and `value`, both text.
    """
    facts = {
        name: value for name, value in study.dataset.attrs.items() if name != "title"
    }
    return pd.DataFrame(
        {
            "what": [name.replace("_", " ") for name in facts],
            "value": [_fact(name, value) for name, value in facts.items()],
        }
    )


def _populations(study: Study) -> str:
    over = study.dataset["probe_agreement"].attrs["over"]
    return (
        "Settled: share of all examples whose depth is this probe; the rest, "
        f"{study.frame()['undecided'].mean():.1%}, are undecided. Agreement and "
        "accuracy: share of the votes equal to the prediction and to the label, over "
        f"the {over} examples. Neighbors kept: share of the nearest neighbors that are "
        "among the nearest in the map, over all examples."
        + (_RECALL if "search_recall" in study.dataset else "")
    )


def _fact(name: str, value: Any) -> str:
    """Write a fact in one line; a probe as its module."""
    if name == "probes":
        return ", ".join(_place(**place) for place in value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _place(name: str, module: str | None, at: str) -> str:
    if module in (None, name):
        return name
    return f"{name} (into {module})" if at == "input" else f"{name} ({module})"


def _html_table(table: pd.DataFrame) -> str:
    head = _row("th", [_title(name) for name in table.columns], table)
    rows = [_row("td", values, table) for values in table.itertuples(index=False)]
    return f'<div class="wide"><table>{head}{"".join(rows)}</table></div>'


def _row(tag: str, values: Iterable[object], table: pd.DataFrame) -> str:
    cells: Sequence[str] = [
        f"<{tag}{_class(table[name])}>{html.escape(_text(value))}</{tag}>"
        for name, value in zip(table.columns, values, strict=True)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _class(column: "pd.Series[float] | pd.Series[str]") -> str:
    return ' class="number"' if pd.api.types.is_numeric_dtype(column.dtype) else ""


def _title(name: object) -> str:
    return str(name).replace("_", " ").capitalize()


def _text(value: object) -> str:
    if isinstance(value, float):
        return "n/a" if np.isnan(value) else f"{value:.1%}"
    return str(value)
