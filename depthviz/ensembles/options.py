"""The options of an ensemble, checked before anything is read or trained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import nn

from depthviz.checks import one_of, whole_number
from depthviz.embeddings import Probe
from depthviz.embeddings.structure import Wanted, check_wanted
from depthviz.ensembles.plan import Functions, TrainLoop
from depthviz.ensembles.planting import check_planted
from depthviz.ensembles.splits import check_holdout
from depthviz.errors import ArgumentError, ModelError
from depthviz.measurement.options import (
    ON_ERROR,
    PROJECTIONS,
    check_functions,
    check_images,
    check_names,
)
from depthviz.training.recipe import Recipe

__all__ = ["EnsembleOptions"]


@dataclass
class EnsembleOptions:
    """What `Ensemble` was given, apart from the data; see there for each option.

    Attributes:
        measure_options: Options of `measure` for all members.
        shown_options: Further options for the member that is shown.
    """

    network: Callable[[], nn.Module]
    recipe: Recipe | TrainLoop
    members: int
    holdout: float
    seed: int
    probes: Wanted | Sequence[str | Probe]
    class_names: Sequence[str] | None
    title: str | None
    threads: int | None
    input_margin: bool
    probe_checkpoints: int
    labels: Any
    planted: float | None
    ids: Any
    on_error: str
    measure_options: Mapping[str, Any]
    shown_options: Mapping[str, Any]
    functions: Functions

    def __post_init__(self) -> None:
        """Refuse options that fit no data; numpy's numbers become Python's."""
        _check_network(self.network)
        if not callable(self.recipe) and not isinstance(self.recipe, Recipe):
            raise ArgumentError(
                "recipe must be a Recipe or a function train(module, dataset, "
                f"recorder), got {self.recipe!r}."
            )
        check_wanted(self.probes)
        check_names(self.class_names, self.title)
        check_images(self.shown_options["images"])
        one_of("projection", self.shown_options["projection"], PROJECTIONS)
        self.members = whole_number("members", self.members, least=1)
        check_holdout(self.members, self.holdout)
        self.holdout = float(self.holdout)
        self.seed = whole_number("seed", self.seed, least=0, below=2**32)
        if self.threads is not None:
            self.threads = whole_number("threads", self.threads, least=1)
        check_functions(self.functions.collate_fn, self.functions.forward)
        one_of("on_error", self.on_error, ON_ERROR)
        check_planted(self.planted)
        self.planted = None if self.planted is None else float(self.planted)
        self.input_margin = bool(self.input_margin)
        self.probe_checkpoints = whole_number(
            "probe_checkpoints", self.probe_checkpoints, least=0
        )
        whole = {
            name: whole_number(name, self.measure_options[name], least=1)
            for name in ("k", "batch_size")
        }
        self.measure_options = {**self.measure_options, **whole}


def _check_network(network: object) -> None:
    """Refuse what does not build networks."""
    if isinstance(network, nn.Module):
        raise ModelError(
            "network must be a function that builds an untrained network, such as "
            "lambda: MyNetwork(); a network itself would be trained on one split after "
            "the other."
        )
    if not callable(network):
        raise ModelError(
            "network must be a function that builds an untrained network, got "
            f"{type(network).__name__}."
        )
