"""How well scores find the labels that people called wrong, in a study of one's own.

    python -m tests.benchmarks.label_errors.verdicts STUDY STORE [--rule unanimous]

STUDY is the folder of a study or of an ensemble's run, STORE the place of its
annotations. Only what people called correct or wrong is counted, so that the figures
are of the examples that were looked at: where those were the most suspicious ones,
every score looks worse than it would over all.
"""

import argparse
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz import annotations
from depthviz.annotations import Annotations
from depthviz.errors import DataError
from depthviz.study import Study, open_study
from tests.benchmarks.label_errors.figures import Figure, compare
from tests.benchmarks.label_errors.report import LEGEND, score_rows
from tests.benchmarks.label_errors.results import COLUMNS
from tests.benchmarks.label_errors.scores import SUSPICION, ensemble_scores
from tests.benchmarks.tables import table

__all__ = ["main", "verdict_part"]

RIGHT, WRONG = "confirms", "relabels"
Part = dict[str, Any]


def verdict_part(study: Study, store: Annotations, *, rule: str = "majority") -> Part:
    """Compare all scores over what people judged, as plain data that JSON keeps.

    DataError if decisions are of examples that the study does not have, or if none of
    its labels was called wrong, or none correct.
    """
    store.truth(study, rule=rule)  # refuses what does not fit the study
    settled = store.resolve(rule).map(store.roles)
    verdicts = [settled.get(str(example), "") for example in study.frame().index]
    judged = np.isin(verdicts, [RIGHT, WRONG])
    wrong = np.array([each == WRONG for each in verdicts])[judged]
    if not 0 < wrong.sum() < len(wrong):
        raise DataError(
            f"Of {len(wrong):,} labels that were judged {wrong.sum():,} are wrong; "
            "scores are compared where there are both right and wrong ones."
        )
    scores = {name: values[judged] for name, values in _scores(study).items()}
    return {
        "examples": len(wrong),
        "wrong": int(wrong.sum()),
        "scores": compare(scores, wrong, reference=SUSPICION),
    }


def _scores(study: Study) -> dict[str, NDArray[Any]]:
    if "member_log_probability" in study.dataset:
        return ensemble_scores(study, members=study.dataset.sizes["member"])
    frame = study.frame()
    return {
        name: sign * frame[name].to_numpy(float)
        for name, sign in COLUMNS.items()
        if name in frame
    }


def main(words: Sequence[str] | None = None) -> None:
    """Print one table for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", help="folder of the study")
    parser.add_argument("store", help="file or URL of its annotations")
    parser.add_argument("--rule", default="majority")
    given = parser.parse_args(words)
    with annotations.open(given.store) as store:
        found = verdict_part(open_study(given.study), store, rule=given.rule)
    print(f"{found['examples']:,} labels judged, {found['wrong']:,} of them wrong.\n")
    scores: dict[str, dict[str, Figure]] = found["scores"]
    header = ["score", *next(iter(scores.values()))]
    print(table(f"**Scores against verdicts.** {LEGEND}", header, score_rows(scores)))


if __name__ == "__main__":
    main()
