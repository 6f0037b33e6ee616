"""Many networks trained on many splits of one data set, as one call.

The paper's findings need the depth of an example when it was trained on and when it was
held out, over many networks. `Ensemble` says how they are made; `run` makes them, and
goes on where an earlier run in the same folder stopped.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from depthviz.checks import one_of, renamed_keywords, whole_number
from depthviz.datasets import check_labels
from depthviz.difficulty import input_margin
from depthviz.embeddings import Probe, choose_probes, describe_probes, embedding_sizes
from depthviz.ensembles.aggregation import failed_steps, finish
from depthviz.ensembles.data import Material
from depthviz.ensembles.folder import RunFolder
from depthviz.ensembles.plan import Plan, Train, build, seeds_of
from depthviz.ensembles.running import make_members
from depthviz.ensembles.splits import check_holdout
from depthviz.errors import (
    ArgumentError,
    DivergenceError,
    LabelError,
    ModelError,
    ShapeError,
)
from depthviz.machine.executors import check_executor
from depthviz.measurement import measure
from depthviz.measurement.options import (
    PROJECTIONS,
    check_class_names,
    check_images,
)
from depthviz.measurement.progress import print_line
from depthviz.measurement.thumbnails import Thumbnails
from depthviz.probes import Ties
from depthviz.study import Study, open_study
from depthviz.study.conventions.definition import CompareWith
from depthviz.study.members import when_failed
from depthviz.training.loop import SMALL, Watch, own_randomness, train_by
from depthviz.training.recipe import Recipe

__all__ = ["Ensemble"]

FIRST_LOOK = 8
_DEFAULT = Recipe()


@renamed_keywords(itself="include_self")
class Ensemble:
    """Networks trained on stratified splits of one data set, and measured on all of it.

    Each member trains on its own split. Each example is held out equally often, give or
    take one, `members` times `holdout` times; 2 or more give standard errors. A
    member's result depends on `seed` and its number alone, on one kind of machine.

    Args:
        network: Builds an untrained network, inputs to logits `(B, C)`, and draws its
            weights from torch's global generator, which is seeded for each member.
        data: A pair of arrays, or a map-style data set of (input, label), the same
            whenever it is read; prepared as `measure` prepares it.
        members: Number of networks, M.
        holdout: Share of the examples that each holds out, in (0, 1).
        seed: Decides splits, weights, order and augmentation; in 0..2**32 - 1.
        recipe: How a network is trained: a `Recipe`, which holds the data in memory; or
            a function `train(module, dataset, recorder)` that returns the trained
            module. Items of its data set are (input, label, index), and
            `recorder.record(index, logits, labels)` keeps what the columns of the
            training record need. It may raise `DivergenceError`.
        probes: As for `measure`.
        k: As for `measure`.
        metric: As for `measure`.
        ties: As for `measure`.
        include_self: As for `measure`.
        compare_with: As for `measure`.
        device: Where members are made; "auto" takes a GPU of the machine that makes
            one, and of several each in turn.
        input_margin: Whether the margin in the input is measured, too: a backward pass
            of all examples for each member.
        probe_checkpoints: Number of steps of the shown member's training, from
            initialization to the end, at which its probes are measured; 0 for none.
        projection: Method of the shown member's maps, as for `measure`.
        images: As for `measure`, in the order of the data.
        class_names: As for `measure`.
        title: Heading of the study.
        batch_size: Examples in a forward pass of a measurement.
        memory_limit: As for `measure`.
        scratch: As for `measure`.
        threads: Processor threads that train and run a network: its rounding depends on
            their number. By default one for a small network, and otherwise as many as
            this process uses; a run that goes on keeps to it. Searches use all.

    Raises:
        ArgumentError: If an argument is not as described.

    Example:
        >>> points = np.random.default_rng(0).normal(size=(60, 4)).astype("float32")
        >>> labels = (points[:, 0] > 0).astype(int)
        >>> ensemble = Ensemble(
        ...     lambda: nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2)),
        ...     (points, labels),
        ...     members=4,
        ...     holdout=0.5,
        ...     recipe=Recipe(epochs=2),
        ...     k=5,
        ...     projection=None,
        ... )
        >>> folder = getfixture("tmp_path") / "run"
        >>> study = ensemble.run(folder, progress=False)
        >>> study.frame()[["trained_on", "held_out"]].drop_duplicates().values.tolist()
        [[2, 2]]

    References:
        Baldock, Maennel & Neyshabur (2021). https://arxiv.org/abs/2106.09647
    """

    def __init__(
        self,
        network: Callable[[], nn.Module],
        data: Any,
        *,
        members: int = 20,
        holdout: float = 0.1,
        seed: int = 0,
        recipe: Recipe | Train = _DEFAULT,
        probes: Literal["auto"] | Sequence[str | Probe] = "auto",
        k: int = 30,
        metric: Literal["euclidean", "cosine"] = "euclidean",
        ties: Ties = "nearest",
        include_self: bool = False,
        compare_with: CompareWith = "prediction",
        device: str | torch.device = "auto",
        input_margin: bool = True,
        probe_checkpoints: int = 0,
        projection: Literal["umap", "pca"] | None = "umap",
        images: Any = "auto",
        class_names: Sequence[str] | None = None,
        title: str | None = None,
        batch_size: int = 256,
        memory_limit: int | None = None,
        scratch: str | os.PathLike[str] | None = None,
        threads: int | None = None,
    ) -> None:
        _check_network(network)
        if not callable(recipe) and not isinstance(recipe, Recipe):
            raise ArgumentError(
                "recipe must be a Recipe or a function train(module, dataset, "
                f"recorder), got {recipe!r}."
            )
        check_class_names(class_names)
        check_images(images)
        one_of("projection", projection, PROJECTIONS)
        self._network, self._data, self._recipe = network, data, recipe
        self._members = whole_number("members", members, least=1)
        self._times = check_holdout(self._members, holdout)
        self._holdout = float(holdout)
        self._seed = whole_number("seed", seed, least=0, below=2**32)
        self._threads = threads and whole_number("threads", threads, least=1)
        self._probes, self._class_names, self._title = probes, class_names, title
        self._input_margin = bool(input_margin)
        self._probe_checkpoints = whole_number(
            "probe_checkpoints", probe_checkpoints, least=0
        )
        self._measuring = {
            "k": whole_number("k", k, least=1),
            "metric": metric,
            "ties": ties,
            "include_self": include_self,
            "compare_with": compare_with,
            "device": device,
            "batch_size": whole_number("batch_size", batch_size, least=1),
            "memory_limit": memory_limit,
            "scratch": scratch,
        }
        self._showing = {"projection": projection, "images": images, "seed": seed}

    def run(
        self,
        path: str | os.PathLike[str],
        executor: Executor | None = None,
        *,
        progress: bool = True,
    ) -> Study:
        """Make the members that are missing in a folder, and open the study.

        May be killed at any time: run again, it goes on with the members that are
        missing, and ends with the same study. More members may be asked for later.

        Args:
            path: The folder of the run; made where it does not exist. With an executor
                of other machines it lies on a disk that they share.
            executor: Who makes the members: any executor of `concurrent.futures`, or
                Dask's `client.get_executor()`; None for this process. Members of one
                process take turns, so threads gain nothing; pools of processes must be
                started with "spawn" or "forkserver".
            progress: Whether to show a bar, the choice of probes, and what is to be
                known.

        Returns:
            The study: one row per example, in the order of the data. Votes, maps,
            neighbors, `depth`, `prediction` and `confidence` are those of the member
            that is shown, `split` tells whether it trained on the example; all other
            columns are of all members. `open_study(path)` opens it again.

        Raises:
            StudyError: If the folder holds something else, or a run that was made with
                other data, another network or another recipe: it names the difference.
            TaskError: If the executor lost members; those that are done are kept.
            DivergenceError: If the loss of every member became NaN or infinite. A few
                are marked as failed, with the step, and count nowhere.
            ScratchError: If the disk is full.
            ArgumentError: If an argument is not as `measure` wants it.
            DataError: If the data is not (input, label).
            FeatureError: If an input is NaN or infinite.
            LabelError: If labels are no integers, or outside the network's classes.
            ModelError: If the network cannot take the inputs or returns no logits.
            ProbeError: If the probes named are not the network's.
            ShapeError: If a split has fewer than k + 1 examples to train on.
        """
        check_executor(executor)
        folder = RunFolder(path)
        material = Material(self._data)
        labels, digest = material.look(
            keep=isinstance(self._recipe, Recipe),
            norms=self._measuring["metric"] == "cosine",
        )
        plan = self._plan(material, labels, folder.threads, progress=progress)
        with folder.opened(plan.describe(data=digest), plan.regions()):
            if not folder.finished:
                self._make(plan, material, folder, executor, progress=progress)
                finish(plan, folder, title=self._title, data=digest)
            study = open_study(folder.study)
        if self._title is None:
            return study
        return Study(study.dataset.assign_attrs(title=self._title))

    def _make(
        self,
        plan: Plan,
        material: Material,
        folder: RunFolder,
        executor: Executor | None,
        *,
        progress: bool,
    ) -> None:
        there = folder.members()
        missing = [each for each in range(plan.members) if each not in there]
        if progress and there and missing:
            print_line(f"{len(there)} of {plan.members} members are there already.")

        def make(members: Sequence[int], show: int) -> None:
            make_members(
                plan,
                self._data,
                material=material,
                folder=folder,
                members=members,
                show=show,
                executor=executor,
                progress=progress,
            )

        make(missing, 0)
        failed = failed_steps(folder.members())
        if folder.shown_study() is None:
            # Member 0 failed: the first that did not is made again, and shown.
            first = int(np.flatnonzero(failed < 0)[0])
            make([first], first)
        if progress and (failed >= 0).any():
            print_line(_failures(failed))

    def _plan(
        self,
        material: Material,
        labels: torch.Tensor,
        threads: int | None,
        *,
        progress: bool,
    ) -> Plan:
        """Try everything out on a few examples before hours are spent."""
        model = build(self._network, seeds_of(self._seed, 0)[0])
        _check_module(model)
        first = material.subset(np.arange(min(FIRST_LOOK, len(material))), name="data")
        inputs, _ = first.read(slice(0, len(first)))
        probes = choose_probes(model, inputs, self._probes)
        if progress:
            self._say(material, probes)
        home = torch.device("cpu")
        classes = embedding_sizes(model, inputs, probes, device=home)["softmax"]
        check_labels(labels, classes, name="data")
        plan = Plan(
            network=self._network,
            recipe=self._recipe,
            members=self._members,
            holdout=self._holdout,
            seed=self._seed,
            labels=labels.numpy(),
            probes=probes,
            chosen="auto" if self._probes == "auto" else "given",
            class_names=self._names(material, classes),
            threads=self._threads or threads or _threads(model),
            input_margin=self._input_margin,
            probe_checkpoints=self._probe_checkpoints,
            measuring=self._measuring,
            showing=self._showing,
        )
        Thumbnails(len(material), self._showing["images"])
        self._try(model, material, plan)
        return plan

    def _try(self, model: nn.Module, material: Material, plan: Plan) -> None:
        """Measure and train a step, on as few examples as will do."""
        k, trained = plan.measuring["k"], _fewest(plan)
        if trained <= k:
            raise ShapeError(
                f"k must be below the {trained} examples that a member trains on, got "
                f"k={k}. Give more examples, hold out less, or choose a smaller k."
            )
        rows = np.arange(min(len(material), max(k + 1, FIRST_LOOK)))
        few = material.subset(rows, name="data")
        options = {**plan.measuring, "projection": None, "images": None}
        names = plan.class_names
        measure(
            model, few, probes=plan.probes, class_names=names, progress=False, **options
        )
        data = few.read(slice(0, FIRST_LOOK))
        if plan.input_margin:
            input_margin(model, data[0])
        if isinstance(plan.recipe, Recipe):
            step = replace(plan.recipe, steps=1)
            with own_randomness(0, torch.device("cpu")), suppress(DivergenceError):
                train_by(step, model, data, seed=0, watch=Watch())

    def _names(self, material: Material, classes: int) -> tuple[str, ...]:
        names = self._class_names or material.class_names
        if names is None:
            return tuple(map(str, range(classes)))
        if len(names) != classes:
            raise LabelError(
                f"The network tells {classes} classes apart, but {len(names)} are "
                "named. Name each class once, or build the network for them."
            )
        return tuple(map(str, names))

    def _say(self, material: Material, probes: Sequence[Probe]) -> None:
        if material.note:
            print_line(material.note)
        if self._probes == "auto":
            print_line(describe_probes(probes))
        if self._times < 2:
            every = self._members * self._holdout <= 1
            print_line(
                f"{'Each example is' if every else 'Some examples are'} held out once "
                "only: the validation depth has no standard error then, and the group "
                "no confidence. Twice as many members, or twice the holdout, give both."
            )


def _fewest(plan: Plan) -> int:
    """Bound the number of examples that a member trains on, from below."""
    sizes = np.unique(plan.labels, return_counts=True)[1]
    return int(plan.count - np.ceil(plan.holdout * sizes).sum())


def _failures(failed: NDArray[np.int32]) -> str:
    lost = np.flatnonzero(failed >= 0)
    first = f"member {lost[0]} {when_failed(int(failed[lost[0]]))}"
    more = " first" if len(lost) > 1 else ""
    return (
        f"{len(lost)} of {len(failed)} members failed ({first}{more}): NaN loss. They "
        "count nowhere."
    )


def _check_network(network: object) -> None:
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


def _check_module(model: object) -> None:
    if not isinstance(model, nn.Module):
        raise ModelError(
            f"network() must return an nn.Module, got {type(model).__name__}."
        )


def _threads(model: nn.Module) -> int:
    small = sum(each.numel() for each in model.parameters()) < SMALL
    return 1 if small else torch.get_num_threads()
