"""What the demo says: on the terminal, and in the page that it writes.

Counts afterwards how many planted labels each ranking found; no ranking saw them.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from depthviz.charts import evidence_table
from depthviz.cli.planted_labels import score_frame, score_table
from depthviz.relabeling.evidence import label_shares
from depthviz.study import Study

__all__ = ["ByHeart", "Summary"]

_DIFFERENT = "looks like a different class"
Notes = dict[str, Sequence[str | pd.DataFrame]]


class ByHeart:
    """What the hidden probes of a network tell that its output does not.

    Args:
        study: Of one network that learned all labels, with `planted` as a column.
    """

    def __init__(self, study: Study) -> None:
        self._study, self._frame = study, study.frame()
        self._planted = self._frame["planted"].to_numpy(bool)

    @property
    def headline(self) -> str:
        """The finding, in two sentences."""
        found = score_frame(self._scores, self._planted).itertuples(index=False)
        hidden, loss, last = [(f"{area:.3f}", wrong) for _, area, wrong in found]
        count = self._planted.sum()
        return (
            f"{self._knows}. Its hidden probes find them with an AUROC of {hidden[0]} "
            f"({hidden[1]} are among the {count} most suspicious), its loss with "
            f"{loss[0]} ({loss[1]}), its last probe with {last[0]} ({last[1]})."
        )

    @property
    def text(self) -> str:
        """Both tables, for a terminal."""
        table = self._evidence
        shares = zip(*(table[name] for name in table), strict=True)
        said = [f"{probe} {one:.0%} | {other:.0%}" for probe, one, other in shares]
        return (
            f"\n{self._knows}; read by measure(model, train):\n"
            f"{score_table(self._scores, self._planted)}\n"
            "Neighbors of the planted ones with the suggested | the given label, by "
            f"probe:\n{', '.join(said)}.\n"
        )

    @property
    def notes(self) -> Notes:
        """Both tables, for a page."""
        return {
            "A network that knows its labels by heart": [
                f"{self._knows}; read by depthviz.measure(model, train), without a "
                "record of its training and without another network.",
                _scores_for_page(self._scores, self._planted),
                "Why it works: until the last layers the neighbors of the planted "
                "ones carry the label that they look like, and only there the one that "
                "was learned by heart.",
                self._evidence.rename(
                    columns={
                        "suggested": "neighbors_with_the_suggested_label",
                        "given": "neighbors_with_the_given_label",
                    }
                ),
            ]
        }

    @cached_property
    def _scores(self) -> dict[str, Any]:
        frame, data = self._frame, self._study.dataset
        rows, labels = np.arange(len(frame)), frame["label"].to_numpy(int)
        return {
            "suspicion, from its hidden probes": frame["suspicion"],
            "its loss": -frame["label_probability"],
            "neighbors at its last probe": -label_shares(data, rows, labels)[:, -1],
        }

    @cached_property
    def _evidence(self) -> pd.DataFrame:
        """Mean shares of the planted ones' neighbors: a row for each probe."""
        table = evidence_table(self._study, examples=self._planted)
        shares = table.pivot(index="probe", columns="label", values="mean")
        shares = shares.loc[table["probe"].unique(), ["suggested", "given"]]
        return shares.reset_index().rename_axis(columns=None)

    @property
    def _knows(self) -> str:
        return (
            f"One network that predicts {self._frame['correct'].mean():.1%} of its "
            f"{len(self._frame):,} labels, {self._planted.sum()} of them planted wrong "
            "ones"
        )


class Summary:
    """What the ten networks found of the planted labels.

    Args:
        study: What the ensemble's run returned, with `planted` as a column.
        most_suspicious: From a frame and a count, that many rows.
    """

    def __init__(
        self,
        study: Study,
        most_suspicious: Callable[[pd.DataFrame, int], pd.DataFrame],
    ) -> None:
        self._study, self._frame = study, study.frame()
        self._planted = self._frame["planted"].to_numpy(bool)
        count = int(self._planted.sum())
        self._found = int(most_suspicious(self._frame, count)["planted"].sum())

    @property
    def text(self) -> str:
        """The table and what follows from it, for a terminal."""
        table = score_table(self._scores, self._planted)
        return "\n".join([f"\n{self._networks}:", table, *self._sentences])

    @property
    def notes(self) -> Notes:
        """The same, for a page."""
        table = _scores_for_page(self._scores, self._planted)
        said = " ".join(self._sentences).replace("label, Mean", "label; mean")
        networks = f"{self._networks}."
        return {"The planted labels, over all networks": [networks, table, said]}

    @property
    def _networks(self) -> str:
        members = self._study.dataset.sizes["member"]
        held_out = int(self._frame["held_out"].min())
        often = {1: "one", 2: "two", 3: "three"}.get(held_out, str(held_out))
        return f"{members} networks, each example held out by {often} of them"

    @property
    def _sentences(self) -> list[str]:
        frame, planted = self._frame, int(self._planted.sum())
        different = frame[frame["group"] == _DIFFERENT]
        return [
            f"The {planted} most suspicious of {len(frame):,} digits hold "
            f"{self._found} of the {planted} planted wrong labels "
            f"({self._found / planted:.0%}).",
            f"{different['planted'].mean():.0%} of the {len(different)} digits in the "
            f'group "{_DIFFERENT}" are planted ones; of all digits '
            f"{planted / len(frame):.0%}. It holds {int(different['planted'].sum())} "
            f"of the {planted}.",
            f"{_depths(frame, planted=False)} with the right label,",
            f"{_depths(frame, planted=True)} with a planted one, "
            f"of {self._study.dataset.sizes['probe']}.",
        ]

    @property
    def _scores(self) -> dict[str, Any]:
        frame = self._frame
        return {
            "suspicion": frame["suspicion"],
            "neighbor_margin": frame["neighbor_margin"],
            "held-out probability of the label": -frame["label_probability"],
            "train depth - validation depth": frame["train_depth"]
            - frame["validation_depth"],
        }


def _scores_for_page(scores: dict[str, Any], planted: Any) -> pd.DataFrame:
    table = score_frame(scores, planted)
    wrong = f"planted_among_the_first_{planted.sum()}"
    table["auroc"] = [f"{area:.3f}" for area in table["auroc"]]
    return table.rename(columns={"auroc": "AUROC", "wrong": wrong})


def _depths(frame: pd.DataFrame, *, planted: bool) -> str:
    rows = frame[frame["planted"] == planted]
    return (
        f"Mean depth {rows['train_depth'].mean():.2f} when trained on, "
        f"{rows['validation_depth'].mean():.2f} when held out,"
    )
