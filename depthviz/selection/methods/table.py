"""The table of methods: what `select` knows, and what the guide lists."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from depthviz.selection.methods.beta import beta_sampled
from depthviz.selection.methods.centers import k_center
from depthviz.selection.methods.facilities import facility_location
from depthviz.selection.methods.messages import message_passing
from depthviz.selection.methods.neighborhoods import neighborhood
from depthviz.selection.methods.picked import Method, Picked, Source
from depthviz.selection.methods.ranking import by_end, middle, random
from depthviz.selection.methods.strata import stratified

__all__ = ["METHODS"]

GRAPH = "stored neighbors, or `embeddings=`"


def _end(name: str, title: str, rule: str, needs: str) -> Method:
    """A method that keeps an end of a column."""

    def run(source: Source, count: int, options: dict[str, Any]) -> Picked:
        return by_end(source, count, {**options, "end": name})

    return Method(
        name=name, title=title, rule=rule, needs=needs, by=None, ordered=True, run=run
    )


_METHODS = (
    Method(
        name="random",
        title="Random",
        rule="Each example with the same chance.",
        needs="nothing",
        by="",
        ordered=False,
        run=random,
    ),
    Method(
        name="balanced",
        title="Balanced random",
        rule="As many of each class, at random; `balance=` names another column.",
        needs="labels",
        by="",
        ordered=False,
        run=random,
    ),
    _end(
        "easiest",
        "Easiest",
        "The easy end of `by`, easiest first.",
        "a measure with a harder end",
    ),
    _end(
        "hardest",
        "Hardest",
        "The hard end of `by`, hardest first.",
        "a measure with a harder end",
    ),
    _end(
        "largest",
        "Largest",
        "The largest of `by`; says nothing of difficulty.",
        "any column of numbers",
    ),
    _end(
        "smallest",
        "Smallest",
        "The smallest of `by`; says nothing of difficulty.",
        "any column of numbers",
    ),
    Method(
        name="middle",
        title="Moderate",
        rule="The central share of `by`, from the center outward.",
        needs="a column of numbers",
        by="prototype_distance",
        ordered=True,
        run=middle,
        reference="Xia et al. (2023). https://openreview.net/forum?id=7D5EECbOaf9",
    ),
    Method(
        name="stratified",
        title="CCS",
        rule="Without the hardest share `cutoff`, equal numbers from `strata` of equal "
        "width of `by`.",
        needs="a measure with a harder end",
        by="aum",
        ordered=False,
        run=stratified,
        options={"cutoff": 0.0, "strata": 50},
        reference="Zheng et al. (2023). https://arxiv.org/abs/2210.15809",
    ),
    Method(
        name="beta",
        title="DUAL + Beta",
        rule="Drawn by `by` times a Beta density of `mean`, which moves to the easy "
        "examples as fewer are kept; `c` says how fast.",
        needs="DUAL and mean probabilities",
        by="dual",
        ordered=False,
        run=beta_sampled,
        options={"c": None, "mean": "data_map_confidence"},
        reference="Cho, Shin & Yun (2025). https://arxiv.org/abs/2502.06905",
    ),
    Method(
        name="message passing",
        title="D2",
        rule="Each gathers importance from its neighbors; a kept one takes it from "
        "them.",
        needs=f"a column of numbers; {GRAPH}",
        by=None,
        ordered=True,
        near=True,
        run=message_passing,
        options={"k": None, "gamma": 1.0},
        reference="Maharana, Yadav & Bansal (2023). https://arxiv.org/abs/2310.07931",
    ),
    Method(
        name="neighborhood",
        title="Prune4ReL",
        rule="The most confidence gathered near the kept ones, within a cosine `tau`.",
        needs="confidence; `embeddings=`",
        by="confidence",
        ordered=True,
        near=True,
        run=neighborhood,
        balances=True,
        options={"tau": 0.95, "eta": 1.0},
        reference="Park et al. (2023). https://arxiv.org/abs/2311.01002",
    ),
    Method(
        name="k-center",
        title="k-center",
        rule="The farthest from those kept before, from `first` on.",
        needs="`embeddings=`",
        by="",
        ordered=True,
        near=True,
        run=k_center,
        options={"first": None},
        reference="Sener & Savarese (2018). https://arxiv.org/abs/1708.00489",
    ),
    Method(
        name="facility location",
        title="Facility location",
        rule="What adds most to the similarity of each example to its nearest kept "
        "one.",
        needs=GRAPH,
        by="",
        ordered=True,
        near=True,
        run=facility_location,
        options={"k": None},
        reference="Mirzasoleiman, Bilmes & Leskovec (2020). "
        "https://arxiv.org/abs/1906.01827",
    ),
)

METHODS: Mapping[str, Method] = MappingProxyType({one.name: one for one in _METHODS})
"""Every method by its name."""
