"""A curve of accuracy against the share kept, with intervals over seeds.

It says what its numbers hang on: how many seeds, whether iterations or epochs were
equal, which constant was chosen where. It recommends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from depthviz.errors import ArgumentError
from depthviz.selection.curves.runs import Result

__all__ = ["ALL", "KeepCurve"]

ALL = "all data"
COLUMNS = ("method", "constant", "share", "seed", "kept", "test", "validation")
SHARES = ("wrong", "suspected")
WITHIN = 0.95
MEANING = {
    "iterations": "Every training has as many iterations, whatever is kept.",
    "epochs": "Every training has as many epochs: fewer examples, fewer iterations.",
}


@dataclass(frozen=True, eq=False, repr=False)
class KeepCurve:
    """What trainings on selections came to.

    Attributes:
        runs: One row a training: `method`, `constant`, `share`, `seed`, `kept`, `test`,
            `validation`, `wrong`, `suspected`, `seconds`; the row of all data is that
            of `method` "all data".
        equal: What was equal: "iterations" or "epochs".
        costs: What the score of a method costs, as a share of a full training.
    """

    runs: pd.DataFrame
    equal: str
    costs: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls, results: Sequence[Result], *, equal: str, costs: Mapping[str, float]
    ) -> KeepCurve:
        """Make the curve of some results.

        Args:
            results: Of all trainings.
            equal: What was equal.
            costs: Of the scores.

        Returns:
            The curve.
        """
        rows = []
        for one in results:
            facts = dict(vars(one))
            rows.append({**vars(facts.pop("task")), **facts})
        numbers = ("test", "validation", *SHARES, "seconds")
        runs = pd.DataFrame(rows).astype(dict.fromkeys(numbers, float))
        return cls(runs, equal, costs)

    def frame(self) -> pd.DataFrame:
        """Build the table of the curve, with the constants that validation chose.

        Returns:
            One row a method and share: `mean`, `sd`, `low` and `high` of the test
            accuracy, an interval of 95 % over seeds by Student's t, NaN with one seed;
            `seeds`, `kept`, `constant`, `wrong` and `suspected` (shares of the kept),
            and `cost`.
        """
        rows = []
        for (method, share), part in self._chosen().groupby(
            ["method", "share"], sort=False
        ):
            mean, sd, low, high = _interval(part["test"].to_numpy())
            rows.append(
                {
                    "method": method,
                    "share": share,
                    "mean": mean,
                    "sd": sd,
                    "low": max(low, 0.0),
                    "high": min(high, 1.0),
                    "seeds": len(part),
                    "kept": round(part["kept"].mean()),
                    "constant": part["constant"].iloc[0],
                    **{name: part[name].mean() for name in SHARES},
                    "cost": self.costs.get(str(method), np.nan),
                }
            )
        return pd.DataFrame(rows)

    def against(self, method: str = "random") -> pd.DataFrame:
        """Compare each method with one of them, paired by seed.

        Args:
            method: The one to compare with.

        Returns:
            One row a method and share: `difference` of the test accuracy, `low` and
            `high`, an interval of 95 % over seeds by Student's t, NaN with one seed,
            and `seeds`.

        Raises:
            ArgumentError: If the curve has no such method.
        """
        chosen = self._chosen()
        if method == ALL or method not in set(chosen["method"]):
            listed = ", ".join(
                repr(one) for one in chosen["method"].unique() if one != ALL
            )
            raise ArgumentError(
                f"This curve has no method {method!r} to compare with; it has {listed}."
            )
        wide = chosen.pivot_table(
            index=["share", "seed"], columns="method", values="test", sort=False
        )
        rows = []
        for name in wide.columns:
            if name in (method, ALL):
                continue
            paired = (wide[name] - wide[method]).dropna()
            for share, part in paired.groupby(level="share", sort=False):
                mean, _, low, high = _interval(part.to_numpy())
                rows.append(
                    {
                        "method": name,
                        "share": share,
                        "difference": mean,
                        "low": low,
                        "high": high,
                        "seeds": len(part),
                    }
                )
        columns = ["method", "share", "difference", "low", "high", "seeds"]
        return pd.DataFrame(rows, columns=columns)

    def describe(self) -> str:
        """Write the curve as a table in Markdown, and what it hangs on.

        Returns:
            Accuracy in %, with half the width of its interval; below, shares of wrong
            labels and costs where they are known.
        """
        table = self.frame()
        lines = _markdown(table)
        lines += ["", MEANING[self.equal]]
        seeds = sorted(self.runs["seed"].unique())
        lines.append(
            f"Test accuracy in %, mean of {len(seeds)} seeds"
            + (" ± half an interval of 95 %." if len(seeds) > 1 else "; no interval.")
        )
        lines += self._on_constants(table)
        lines += [
            f"{name}: its score costs {cost:.0%} of a full training."
            for name, cost in self.costs.items()
        ]
        return "\n".join(lines)

    def _chosen(self) -> pd.DataFrame:
        """The runs of the constants that have the best mean validation accuracy."""
        keys = ["method", "share", "constant"]
        means = self.runs.groupby(keys, sort=False)["validation"].mean().reset_index()
        # Without validation there is one constant, and its place is the first.
        best = means.fillna({"validation": 0.0}).groupby(
            ["method", "share"], sort=False
        )["validation"]
        return self.runs.merge(means.loc[best.idxmax(), keys], on=keys)

    def _on_constants(self, table: pd.DataFrame) -> list[str]:
        several = self.runs.groupby("method")["constant"].nunique()
        lines = []
        for name in several.index[several > 1]:
            part = table[table["method"] == name]
            found = ", ".join(
                f"{constant} at {share:.0%}"
                for constant, share in zip(part["constant"], part["share"], strict=True)
            )
            lines.append(f"{name}: constants chosen on validation data: {found}.")
        return lines

    def __str__(self) -> str:
        return self.describe()

    def __repr__(self) -> str:
        methods = self.runs["method"].nunique() - (ALL in set(self.runs["method"]))
        return (
            f"<depthviz.KeepCurve: {methods} methods, "
            f"{self.runs['share'].nunique() - 1} shares, "
            f"{self.runs['seed'].nunique()} seeds, equal {self.equal}>"
        )


def _interval(values: NDArray[Any]) -> tuple[float, float, float, float]:
    """Mean, standard deviation and the ends of the interval of the mean."""
    mean = float(values.mean())
    if len(values) < 2:
        return mean, np.nan, np.nan, np.nan
    sd = float(values.std(ddof=1))
    half = _half(sd, len(values))
    return mean, sd, mean - half, mean + half


def _half(sd: float, count: int) -> float:
    """Half the width of the interval of a mean."""
    return float(stats.t.ppf((1 + WITHIN) / 2, count - 1) * sd / np.sqrt(count))


def _markdown(table: pd.DataFrame) -> list[str]:
    """A row a method and a column a share; wrong labels among the kept in brackets."""
    shares = list(dict.fromkeys(table["share"]))
    cells = {
        (row.method, row.share): _cell(row) for row in table.itertuples(index=False)
    }
    wrong = "" if table["wrong"].isna().all() else " (wrong labels kept)"
    lines = [
        f"| kept{wrong} | " + " | ".join(f"{share:.0%}" for share in shares) + " |",
        "|---|" + "---|" * len(shares),
    ]
    for name in dict.fromkeys(table["method"]):
        row = [cells.get((name, share), "") for share in shares]
        lines.append(f"| {name} | " + " | ".join(row) + " |")
    return lines


def _cell(row: Any) -> str:
    half = ""
    if row.seeds > 1:  # not half of what is cut to [0, 1]
        half = f" ± {100 * _half(row.sd, row.seeds):.1f}"
    wrong = "" if np.isnan(row.wrong) else f" ({row.wrong:.1%})"
    return f"{100 * row.mean:.1f}{half}{wrong}"
