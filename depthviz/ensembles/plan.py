"""What decides the result of an ensemble: all of it, and nothing else.

A plan is sent to each worker, and its description is saved in the run's folder, so that
a run is never resumed with other data or another recipe.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import nn

from depthviz.datasets.named import Columns
from depthviz.datasets.nested.batching import Collate
from depthviz.difficulty.kept_classes import CLASSES_KEPT
from depthviz.embeddings import Probe
from depthviz.embeddings.pooling import name_of_pool
from depthviz.embeddings.running.calling import Forward
from depthviz.ensembles.splits import held_out_examples
from depthviz.machine.seeds import drawing
from depthviz.study.storage.regions import Region
from depthviz.study.table import SPLITS
from depthviz.training.draws import Draws
from depthviz.training.recipe import Recipe, describe_function

__all__ = ["FUSED", "Functions", "Kept", "Plan", "TrainLoop"]

TrainLoop = Callable[[nn.Module, Any, Any], nn.Module]
IN_TRAIN = "in_train"
FUSED = "fused steps"


class Kept(NamedTuple):
    """What an earlier run in a folder decides for all that go on there.

    Attributes:
        threads: See `Plan`; None where there is none.
        evidence: See `Plan`.
        fused: See `Plan`.
    """

    threads: int | None = None
    evidence: bool = True
    fused: bool = True


class Functions(NamedTuple):
    """What the user gave to make batches and to call networks.

    Attributes:
        collate_fn: Makes batches of the data's items; None stacks them.
        forward: Calls a network with a batch; None for the usual way.
        columns: Which columns of the data are input and label.
    """

    collate_fn: Collate | None = None
    forward: Forward | None = None
    columns: Columns = Columns()

    def describe(self) -> dict[str, str]:
        """Describe those that are given, by name and digest of source."""
        given = {"collate_fn": self.collate_fn, "forward": self.forward}
        return {name: describe_function(each) for name, each in given.items() if each}


@dataclass(frozen=True)
class Plan:
    """How the members of an ensemble are made.

    Attributes:
        network: Builds an untrained network, from torch's global random state.
        recipe: How it is trained; or a training loop of the user's own.
        members: Number of members, M.
        holdout: Share of the examples that each holds out.
        seed: Decides all random numbers.
        labels: Given labels, shape `(N,)`.
        probes: Where the networks are probed.
        probes_chosen: Who chose these places, "auto" or "given", or what was asked for.
        class_names: Names of the C classes.
        threads: Processor threads that run the networks: rounding depends on it.
        input_margin: Whether the margin in the input is measured, too.
        probe_checkpoints: Number of checkpoints at which the shown member is probed.
        draws: Where the networks draw from torch's global generator as they train;
            None where members must be made one after another.
        evidence: Whether members keep label evidence; those of a run that an earlier
            version began do not.
        fused: Whether steps are fused, which rounds otherwise; those of a run that an
            earlier version began are not.
        measure_options: Options of `measure` for all members.
        shown_options: Further options for the member that is shown.
        functions: Those of the user that make batches and call networks.
    """

    network: Callable[[], nn.Module]
    recipe: Recipe | TrainLoop
    members: int
    holdout: float
    seed: int
    labels: NDArray[np.int64]
    probes: tuple[Probe, ...]
    probes_chosen: str
    class_names: tuple[str, ...]
    threads: int
    draws: Draws | None
    input_margin: bool
    probe_checkpoints: int
    evidence: bool
    fused: bool
    measure_options: Mapping[str, Any]
    shown_options: Mapping[str, Any]
    functions: Functions

    @property
    def count(self) -> int:
        """Number of examples, N."""
        return len(self.labels)

    def held_out(self, member: int) -> NDArray[np.bool_]:
        """Draw which examples a member is not trained on, bool, shape `(N,)`."""
        return held_out_examples(
            self.labels, member=member, holdout=self.holdout, seed=self.seed
        )

    def seeds(self, member: int) -> tuple[int, int]:
        """Draw the seeds of a member's initial weights and of its training."""
        return seeds_of(self.seed, member)

    def regions(self) -> dict[str, Region]:
        """Describe the arrays of all members."""
        of_class = np.min_scalar_type(len(self.class_names) - 1)
        of_probe = np.min_scalar_type(len(self.probes))
        of_neighbor = np.min_scalar_type(int(self.measure_options["k"]))
        one: dict[str, Any] = {
            IN_TRAIN: bool,
            "member_prediction": of_class,
            "member_depth": of_probe,
            self.margin_region: np.float32,
            "member_output_margin": np.float32,
            "member_label_probability": np.float32,
            "member_iteration_learned": np.float32,
            "member_forgetting": np.float32,
            "member_aum": np.float32,
        }
        if self.input_margin:
            one["member_input_margin"] = np.float32
        each = {"member_vote": of_class, "member_agreement": of_neighbor}
        if self.evidence:
            one["member_label_depth"] = of_probe
            each["member_label_agreement"] = of_neighbor
        sizes = (self.members, len(self.probes), self.count)
        return {
            **{
                name: Region(("member", "example"), (sizes[0], sizes[2]), dtype)
                for name, dtype in one.items()
            },
            **{
                name: Region(("member", "probe", "example"), sizes, dtype)
                for name, dtype in each.items()
            },
            **(self._evidence_regions() if self.evidence else {}),
        }

    @property
    def margin_region(self) -> str:
        """Name of the neighbor margins, the suspicion of earlier versions."""
        return "member_neighbor_margin" if self.evidence else "member_suspicion"

    def _evidence_regions(self) -> dict[str, Region]:
        """Describe shares and log-probabilities by class, and the weights of probes."""
        classes = len(self.class_names)
        few = classes <= CLASSES_KEPT
        dimensions = ("member", "example", "class" if few else "kept_class")
        shape = (self.members, self.count, min(classes, CLASSES_KEPT))
        types: dict[str, Any] = {
            "member_class_share": np.uint16,
            "member_log_probability": np.float16,
        }
        if not few:
            types["member_kept_class"] = np.min_scalar_type(classes - 1)
        weights = (self.members, len(self.probes), len(SPLITS))
        return {
            **{name: Region(dimensions, shape, dtype) for name, dtype in types.items()},
            "member_probe_weight": Region(
                ("member", "probe", "part"), weights, np.float32
            ),
        }

    @property
    def projection(self) -> str | None:
        """Method of the maps, whenever they are made."""
        chosen: str | None = self.shown_options["projection"]
        return "umap" if chosen == "later" else chosen

    def describe(self, *, data: str) -> dict[str, Any]:
        """Describe all that decides the result, in JSON's types.

        `data` is the digest of all inputs and labels.
        """
        return {
            "members": self.members,
            "holdout": self.holdout,
            "seed": self.seed,
            "network": _describe_network(build_network(self.network, self.seeds(0)[0])),
            "recipe": describe_recipe(self.recipe),
            **({FUSED: True} if self.fused else {}),
            "data": {"examples": self.count, "sha256": data},
            "class names": list(self.class_names),
            "probes": list(map(_describe_probe, self.probes)),
            "threads": self.threads,
            "input margin": self.input_margin,
            "probe checkpoints": self.probe_checkpoints,
            "projection": self.projection,
            "images": _describe_images(self.shown_options["images"]),
            **self.functions.describe(),
            **{
                name: value
                for name, value in self.measure_options.items()
                if name not in ("device", "memory_limit", "scratch")
            },
        }


def seeds_of(seed: int, member: int) -> tuple[int, int]:
    """Draw two seeds in 0..2**32 - 1 of a member: initial weights, and training."""
    drawn = np.random.SeedSequence([seed, member]).generate_state(2)
    return int(drawn[0]), int(drawn[1])


def build_network(network: Callable[[], nn.Module], seed: int) -> nn.Module:
    """Build an untrained network on the CPU, and leave torch's random state alone."""
    with drawing(seed):
        return network()


def describe_recipe(recipe: Recipe | TrainLoop) -> dict[str, Any]:
    """Describe a recipe in JSON's types; a function by name and digest of source."""
    if isinstance(recipe, Recipe):
        return recipe.describe()
    return {"train": describe_function(recipe)}


def _describe_probe(probe: Probe) -> str:
    call = "" if probe.call is None else f" call {probe.call}"
    pool = name_of_pool(probe.pool)
    read = "" if pool == "flatten" else f" {pool}"
    return f"{probe.name}: {probe.module} {probe.at}{call}{read}"


def _describe_images(images: Any) -> str | None:
    return images if images is None or isinstance(images, str) else "given"


def _describe_network(model: nn.Module) -> dict[str, Any]:
    """Describe an untrained network: class, size and digest of its weights."""
    digest = sha256()
    for name, tensor in model.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().double().numpy().tobytes())
    return {
        "class": type(model).__name__,
        "parameters": sum(each.numel() for each in model.parameters()),
        "initial weights sha256": digest.hexdigest(),
    }
