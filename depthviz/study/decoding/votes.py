"""What the stored neighbors say of any column: a vote at every probe, and no network.

The neighbors of an example are training examples, so whatever is known of those can be
voted for, as the label is. The votes are to the bit those that a measurement with these
values as its labels would count, by the same rule for ties. Neighbors without a value
have no vote.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.checks import one_of
from depthviz.errors import StudyError
from depthviz.probes import TIES, Ties
from depthviz.probes.votes import commonest_of_columns
from depthviz.study.container import Study
from depthviz.study.conventions.definition import stored_conventions
from depthviz.study.conventions.recount import check_neighbors
from depthviz.study.decoding.classes import MISSING, Classes, classes_of
from depthviz.study.text import as_index

__all__ = ["check_voters", "commonest_code", "count_votes", "decoded_votes"]

NEEDED = ("neighbor_index", "neighbor_distance", "split")


def decoded_votes(
    study: Study, column: str, *, bins: int | None = None
) -> pd.DataFrame:
    """Let each example's neighbors vote for its value in a column, at every probe.

    What neighbors tell can be decoded there; it is not said that the network uses it.
    Compare the votes with the column to see where each example is read right, and hand
    that to `study.assign`, so that the Explorer colors its map and film strip by it.

    Args:
        study: What was measured; of an ensemble, its shown member.
        column: Name of a column of `study.frame()`.
        bins: Into how many parts of about as many examples numbers go, which are no
            classes otherwise.

    Returns:
        The value that is voted for, one row an example and one column a probe, missing
        where no neighbor has a value.

    Raises:
        ArgumentError: If there is no such column; lists those that there are.
        StudyError: If its values are no classes, or not two of them; if the study has
            no neighbors, or is a part without some of them.

    Example:
        >>> import torch
        >>> from depthviz.measurement import measure
        >>> points = torch.tensor([[0.0], [1.0], [10.0], [11.0]])
        >>> data = points, torch.tensor([0, 1, 0, 1])
        >>> net = torch.nn.Linear(1, 2)
        >>> study = measure(net, data, k=1, projection=None, progress=False)
        >>> study = study.assign(side=["left", "left", "right", "right"])
        >>> votes = decoded_votes(study, "side")
        >>> votes["input"].tolist()
        ['left', 'left', 'right', 'right']
        >>> study = study.assign(read=votes["input"] == study.frame()["side"])
    """
    classes = classes_of(study, column, bins=bins)
    votes = count_votes(study, column, classes)
    index = as_index(study.dataset["example_id"].values, name="example_id")
    found = {
        probe: pd.Series(classes.take(vote), index=index)
        for probe, vote in zip(study.probes, votes, strict=True)
    }
    return pd.DataFrame(found, index=index)


def count_votes(study: Study, column: str, classes: Classes) -> NDArray[np.int64]:
    """Count the votes for classes at every probe.

    Args:
        study: What was measured.
        column: What the errors call it.
        classes: Of every example.

    Returns:
        Codes that win, -1 where no neighbor has one, shape `(P, N)`.

    Raises:
        StudyError: As for `decoded_votes`.
    """
    data = study.dataset
    if missing := [name for name in NEEDED if name not in data]:
        raise StudyError(
            f"Decoding a column needs {', '.join(NEEDED)}; this study lacks "
            f"{', '.join(missing)}. Measure it with depthviz.measure."
        )
    check_neighbors(data, "Decoding a column")
    check_voters(study, column, classes)
    ties = stored_conventions(data.attrs).ties
    small = classes.codes.astype(np.min_scalar_type(-len(classes.values)))
    return np.stack(
        [
            commonest_code(small[index.T], ties=ties)
            for index in data["neighbor_index"].values
        ]
    )


def commonest_code(
    codes: NDArray[np.signedinteger], *, ties: Ties
) -> NDArray[np.int64]:
    """Find the commonest code of each column, those below 0 left out.

    As `depthviz.probes.knn_vote` by definition.

    Args:
        codes: Of neighbors from near to far, shape `(K, N)`.
        ties: Which of tied codes wins.

    Returns:
        The codes, -1 where there is none, shape `(N,)`.

    Example:
        >>> codes = np.array([[7, -1], [5, 4], [5, -1], [7, -1]])
        >>> commonest_code(codes, ties="nearest").tolist()
        [7, 4]
        >>> commonest_code(codes, ties="smallest").tolist()
        [5, 4]
    """
    one_of("ties", ties, TIES)
    codes = np.ascontiguousarray(codes)
    known = codes >= 0
    among = None if known.all() else known
    best, most = commonest_of_columns(codes, ties=ties, among=among)
    return np.where(most > 0, best, MISSING).astype(np.int64)


def check_voters(study: Study, column: str, classes: Classes) -> None:
    """Refuse a column that no training example can tell of another.

    Args:
        study: What was measured; knows the split.
        column: What the errors call it.
        classes: Of every example.

    Raises:
        StudyError: If no training example has a value, or all have different ones.
    """
    known = classes.codes[study.dataset["split"].values == 0]
    known = known[known != MISSING]
    if not len(known):
        raise StudyError(
            f"Column {column!r} has no value of any training example, and only these "
            "are neighbors that vote."
        )
    if np.bincount(known).max() == 1:
        raise StudyError(
            f"Column {column!r} has another value for each of the {len(known):,} "
            "training examples that have one, so no neighbor carries the value of "
            "another example. Give a column whose values come more than once."
        )
