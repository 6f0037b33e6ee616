"""The examples of a study that a method chooses among.

Those that a network trained on; of many networks, all. What is missing is named here,
so that no method sorts what is not known.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from depthviz.checks import whole_number
from depthviz.difficulty import MEASURES
from depthviz.errors import ArgumentError, ProbeError, ShapeError, StudyError
from depthviz.selection.methods.graphs import (
    Graph,
    nearest_graph,
    read_embeddings,
    symmetric_graph,
)
from depthviz.study import Study
from depthviz.study.examples import find_rows
from depthviz.study.measures.rows import trained_rows
from depthviz.study.members import is_ensemble

__all__ = ["Candidates"]

NEIGHBORS = 30


class Candidates:
    """The examples that may be kept, or a part of them.

    Args:
        study: What they are of.
        seed: Decides all that is left to chance.
        method: What errors call the method.
        embeddings: Of all examples of the study; None without.
        probe: Whose stored neighbors or embeddings are read; None for the last inner
            one.
        **network: `model`, `data` and the like, to read embeddings from.
    """

    def __init__(
        self,
        study: Study,
        *,
        seed: int,
        method: str,
        embeddings: Any = None,
        probe: str | None = None,
        **network: Any,
    ) -> None:
        self.study, self.method = study, method
        every = np.ones(len(study), bool)
        kept = every if is_ensemble(study.dataset) else trained_rows(study.dataset)
        self.rows = np.flatnonzero(kept)
        if not len(self.rows):
            raise StudyError(
                "This study has no training examples, so there is nothing to keep."
            )
        self.frame = study.frame()
        self._embeddings, self._probe, self._network = embeddings, probe, network
        self._read: dict[str, NDArray[Any]] = {}  # shared with every part
        self._check_sources()
        self.draw = np.random.default_rng(seed)

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, places: NDArray[np.intp]) -> Candidates:
        """Take some of them; chance goes on where it is."""
        part = object.__new__(Candidates)
        part.__dict__.update(self.__dict__)
        part.__dict__.pop("ids", None)
        part.rows = self.rows[places]
        return part

    @cached_property
    def ids(self) -> pd.Index[Any]:
        """Their ids, shape `(N,)`."""
        return self.frame.index[self.rows]

    def column(self, name: str) -> NDArray[np.float64]:
        """Read a column of numbers.

        Args:
            name: Of `study.frame()`.

        Returns:
            Its values, shape `(N,)`.

        Raises:
            StudyError: If the study has no such column; says what adds it.
            ArgumentError: If it is of no numbers, or some are missing; names them.
        """
        column = self._find(name).iloc[self.rows]
        if not (is_numeric_dtype(column.dtype) or is_bool_dtype(column.dtype)):
            raise ArgumentError(
                f"by={name!r} is a column of {column.dtype}, not of numbers, so its "
                "examples have no order."
            )
        values = column.to_numpy(np.float64, na_value=np.nan)
        unknown = np.flatnonzero(np.isnan(values))
        if len(unknown):
            raise ArgumentError(
                f"{len(unknown):,} of {len(values):,} examples have no {name}, "
                f"{self._id(unknown[0])!r} first, so they have no place in the order. "
                "Leave them out with study.subset(study.frame()"
                f"[{name!r}].notna()), or choose by another column."
            )
        return values

    def direction(self, name: str, end: str) -> str | None:
        """Read which end of a measure is `harder`, or which its authors `keep`."""
        measure = MEASURES.get(name)
        return None if measure is None else getattr(measure, end)

    def classes(self, name: str) -> NDArray[np.intp]:
        """Number the values of a column that is balanced by, from 0 on."""
        column = self._find(name).iloc[self.rows]
        codes, _ = pd.factorize(column, sort=False)
        if (codes < 0).any():
            raise ArgumentError(
                f"{int((codes < 0).sum()):,} examples have no {name}, "
                f"{self._id(np.argmin(codes))!r} first; balance by a column that all "
                "have."
            )
        return codes.astype(np.intp)

    def embeddings(self) -> NDArray[Any]:
        """Read the embeddings that were given, or those of a network, `(N, F)`."""
        if self._embeddings is None:
            if not self._network:
                raise ArgumentError(
                    f"method={self.method!r} needs embeddings, and a study keeps "
                    "neighbors alone: give model= and data=, or embeddings=, an array "
                    f"with one row for each of its {len(self.frame):,} examples."
                )
            rows = self._of_network()
        else:
            rows = np.asarray(self._embeddings)
        if rows.ndim == 2 and len(rows) != len(self.frame):
            raise ShapeError(
                f"embeddings has {len(rows):,} rows, but the study has "
                f"{len(self.frame):,} examples; give one row for each, in its order."
            )
        return read_embeddings(rows[self.rows] if rows.ndim == 2 else rows)

    def graph(self, k: int | None) -> Graph:
        """Make the graph of the k nearest candidates of each."""
        if len(self) < 2:
            raise ArgumentError(
                f"method={self.method!r} needs two examples or more to have neighbors."
            )
        if self._embeddings is not None or self._network:
            near = min(NEIGHBORS, len(self) - 1) if k is None else k
            return nearest_graph(self.embeddings(), near)
        return self._stored_graph(k)

    def _check_sources(self) -> None:
        """Refuse half of what a network's embeddings need."""
        lacking = {"model", "data"} - set(self._network)
        if self._network and lacking:
            raise ArgumentError(
                "Embeddings are read from a network with model= and data=, the data "
                f"that the study was measured on; {min(lacking)}= is missing."
            )
        if self._network and self._embeddings is not None:
            raise ArgumentError("Give embeddings=, or model= and data=, not both.")
        if self._probe is not None and self._embeddings is not None:
            raise ArgumentError("embeddings= are those of no probe; leave out probe=.")

    def _of_network(self) -> NDArray[np.float32]:
        from depthviz.study.measures.given import Given
        from depthviz.study.measures.network_pass import run_network

        if "embeddings" not in self._read:
            given = Given(**self._network, probe=self._probe)
            found = run_network(self.study.dataset, given, embeddings=True)
            self._read["embeddings"] = np.asarray(found.embeddings, np.float32)
        return self._read["embeddings"]

    def row_of(self, example: Any) -> int:
        """Find an example by its id."""
        return int(find_rows(self.ids, [example])[0])

    def _id(self, place: Any) -> Any:
        return self.ids[[place]].tolist()[0]

    def _stored_graph(self, k: int | None) -> Graph:
        data = self.study.dataset
        if "neighbor_distance" not in data or "neighbor_index" not in data:
            raise StudyError(
                f"method={self.method!r} needs the neighbors of a study of dv.measure, "
                "or embeddings=; this study has no neighbors."
            )
        most = self.study.k
        near = most if k is None else whole_number("k", k, least=1)
        if near > most:
            raise ArgumentError(
                f"k={k} is more than the {most} neighbors that the study keeps; give "
                "embeddings= for a search."
            )
        place = self._probe_place()
        index = data["neighbor_index"].values[place][self.rows, :near]
        found = np.full(len(self.frame) + 1, -1)  # the last for neighbors that are -1
        found[self.rows] = np.arange(len(self.rows))
        distance = data["neighbor_distance"].values[place][self.rows, :near]
        return symmetric_graph(found[index], distance)

    def _probe_place(self) -> int:
        probes = self.study.probes
        if self._probe is None:
            inner = [name for name in probes if name != "softmax"]
            return probes.index(inner[-1] if inner else probes[-1])
        if self._probe not in probes:
            listed = ", ".join(map(repr, probes))
            raise ProbeError(
                f"Unknown probe {self._probe!r}. This study has: " + listed + "."
            )
        return probes.index(self._probe)

    def _find(self, name: str) -> pd.Series[Any]:
        if name in self.frame:
            return self.frame[name]
        if name in MEASURES:
            state = str(self.study.available().loc[name, "state"])
            way = f"study.add({name!r})" if state == "can be computed" else state
            raise StudyError(
                f"method={self.method!r} chooses by {name!r}, which this study lacks: "
                f"{way}."
            )
        raise StudyError(
            f"The study has no column {name!r}. Add it with study.assign({name}=...), "
            f"or choose by one of {', '.join(map(repr, self._numbers()))}."
        )

    def _numbers(self) -> list[str]:
        return [str(name) for name in self.frame if name in MEASURES]
