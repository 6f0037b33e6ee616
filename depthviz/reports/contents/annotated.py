"""What people decided about the examples: verdicts, and how far they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from depthviz.annotations.agreement import Agreement, measure_agreement
from depthviz.annotations.fingerprints import are_numbers
from depthviz.reports.contents.numbers import count_words, percent
from depthviz.reports.document import Part, Statement, Table
from depthviz.study import Study

if TYPE_CHECKING:
    from depthviz.annotations import Annotations

__all__ = ["annotated_parts"]

NAMES = {
    "percent": "raw agreement",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "krippendorff_alpha": "Krippendorff's alpha",
    "gwet_ac1": "Gwet's AC1",
}


def annotated_parts(study: Study, store: Annotations) -> list[Part]:
    """Tell what was decided about a study's examples.

    Args:
        study: The study.
        store: An open store of annotations.

    Returns:
        A sentence and two tables; a sentence alone where nobody decided anything.

    Raises:
        DataError: If numbers in the store are examples of several data sets.
    """
    data, names = _data_of(study), set(study.frame().index.astype(str))
    decisions = store.frame(data=data).reset_index()
    decided = decisions[decisions["verdict"].notna() & decisions["example"].isin(names)]
    examples = decided["example"].nunique()
    if not examples:
        return [Statement("Nobody has decided anything about these examples.")]
    people = decided["annotator"].nunique()
    says = (
        f"{count_words(examples)} of {len(study):,} examples were judged, by "
        f"{count_words(people)} {'person' if people == 1 else 'people'}"
    )
    verdicts = decided["verdict"].value_counts().rename_axis("verdict")
    table = verdicts.rename("decisions").reset_index()
    table["share"] = table["decisions"] / table["decisions"].sum()
    listed = Table("Verdicts", f"{len(table):,} kinds", table, open=True)
    if people == 1:
        alone = "One person alone: how far people agree is not known."
        return [Statement(says, alone), listed]
    ratings = store.ratings("wide", data=data)
    found = measure_agreement(ratings[ratings.index.astype(str).isin(names)])
    coefficients = _coefficients(found)
    note = f"{len(coefficients)} coefficients"
    return [
        Statement(says, _in_words(found)),
        listed,
        Table("Agreement", note, coefficients, words=(_HOW,)),
    ]


def _data_of(study: Study) -> str | None:
    """Of which data decisions must be: ids that are numbers are in every data set."""
    named = str(study.dataset.attrs.get("data_sha256", ""))
    return named or None if are_numbers(study.frame().index) else None


_HOW = (
    "1 is perfect agreement, 0 what chance would give; raw agreement knows nothing of "
    "chance. Intervals of 95 % from a bootstrap over the examples."
)


def _in_words(found: Agreement) -> str:
    if found.percent.value is None:
        return f"How far people agree is not known: {found.percent.words}"
    alpha = found.krippendorff_alpha
    beyond = ""
    if alpha.value is not None:
        ends = (
            f" ({alpha.low:.2f} to {alpha.high:.2f})"
            if alpha.low is not None and alpha.high is not None
            else ""
        )
        beyond = f", Krippendorff's alpha {alpha.value:.2f}{ends}"
    return (
        f"{count_words(found.examples)} were judged by two or more: they agree for "
        f"{percent(found.percent.value)}{beyond}."
    )


def _coefficients(found: Agreement) -> pd.DataFrame:
    table = found.frame()
    ends = [
        "" if pd.isna(low) or pd.isna(high) else f"{low:.2f} to {high:.2f}"
        for low, high in zip(table["low"], table["high"], strict=True)
    ]
    values = [
        words if pd.isna(value) else f"{value:.2f}"
        for value, words in zip(table["value"], table["words"], strict=True)
    ]
    return pd.DataFrame(
        {
            "coefficient": [NAMES.get(name, name) for name in table.index],
            "value": values,
            "interval": ends,
        }
    )
