"""Many networks trained on many splits of one data set, as one call.

The paper's findings need the depth of an example when it was trained on and when it was
held out, over many networks. `Ensemble` holds how they are made; `run` makes them, and
resumes an earlier run in the same folder: see `run.resume`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, Literal

import torch
from torch import nn

from depthviz.checks import renamed_keywords
from depthviz.datasets.named import Columns
from depthviz.datasets.nested.batching import Collate
from depthviz.embeddings import Probe
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.structure import Wanted
from depthviz.ensembles.aggregation import aggregate_members
from depthviz.ensembles.data import EnsembleData
from depthviz.ensembles.given import class_words, read_given
from depthviz.ensembles.labels import TrainingLabels
from depthviz.ensembles.options import EnsembleOptions
from depthviz.ensembles.plan import Functions, TrainLoop
from depthviz.ensembles.planting import draw_planting
from depthviz.ensembles.preflight import make_plan
from depthviz.ensembles.run.folder import RunFolder
from depthviz.ensembles.run.making import make_missing
from depthviz.ensembles.run.resume import open_run
from depthviz.machine.ambient import neutral_state
from depthviz.machine.console import print_line
from depthviz.machine.executors import check_executor
from depthviz.machine.exhaustion import explained_memory
from depthviz.measurement.examples.ids import name_examples
from depthviz.measurement.maps import try_maps, with_maps
from depthviz.probes import Ties
from depthviz.study import Study, open_study
from depthviz.study.conventions.definition import CompareWith
from depthviz.training.recipe import Recipe

__all__ = ["Ensemble"]

_DEFAULT = Recipe()
OF_MEASURE = (
    "k",
    "metric",
    "ties",
    "include_self",
    "compare_with",
    "device",
    "batch_size",
    "memory_limit",
    "scratch",
)


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
            of all examples for each member. Only one tensor of floats has one.
        probe_checkpoints: Number of steps of the shown member's training, from
            initialization to the end, at which its probes are measured; 0 for none.
        projection: Method of the shown member's maps, as for `measure`. They are made
            when the study is complete.
        images: As for `measure`, in the order of the data.
        class_names: As for `measure`.
        title: Heading of the study.
        batch_size: Examples in a forward pass of a measurement.
        memory_limit: As for `measure`, of all members that this process makes at a
            time.
        scratch: As for `measure`.
        threads: Processor threads that train and run a network: its rounding depends on
            their number. By default one for a small network, and otherwise as many as
            this process uses; a run that goes on keeps to it. Searches use all that no
            other member uses.
        labels: Used in place of the data's labels, shape `(N,)`, in their order: such
            as `relabel(study).labels`. The column `data_label` keeps the data's own.
        planted: Share of the labels, at most 0.2, that are changed before training,
            each to a class that neighbors in the input carry: how many of them are
            found is what `relabel` reckons its expected precision by. The study marks
            them in the column `planted`, and `given_label` keeps what they were.
        collate_fn: As for `measure`; a recipe has all examples padded as one batch.
        forward: As for `measure`, in training, too.
        input: As for `measure`.
        label: As for `measure`.
        ids: As for `measure`, in the order of the data.
        on_error: As for `measure`; left out before members are made.

    Raises:
        ArgumentError: If an argument is not as described.

    Example:
        >>> import numpy as np
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
        recipe: Recipe | TrainLoop = _DEFAULT,
        probes: Wanted | Sequence[str | Probe] = "auto",
        k: int = 30,
        metric: Literal["euclidean", "cosine"] = "euclidean",
        ties: Ties = "nearest",
        include_self: bool = False,
        compare_with: CompareWith = "prediction",
        device: str | torch.device = "auto",
        input_margin: bool = True,
        probe_checkpoints: int = 0,
        projection: Literal["umap", "umap-learn", "pca", "later"] | None = "umap",
        images: Any = "auto",
        class_names: Sequence[str] | None = None,
        title: str | None = None,
        batch_size: int = 256,
        memory_limit: int | None = None,
        scratch: str | os.PathLike[str] | None = None,
        threads: int | None = None,
        labels: Any = None,
        planted: float | None = None,
        collate_fn: Collate | None = None,
        forward: Forward | None = None,
        input: str | Sequence[str] | None = None,
        label: str | None = None,
        ids: Any = None,
        on_error: Literal["raise", "skip"] = "raise",
    ) -> None:
        given = locals()
        self._data = data
        self._options = EnsembleOptions(
            network=network,
            recipe=recipe,
            members=members,
            holdout=holdout,
            seed=seed,
            probes=probes,
            class_names=class_names,
            title=title,
            threads=threads,
            input_margin=input_margin,
            probe_checkpoints=probe_checkpoints,
            labels=labels,
            planted=planted,
            ids=ids,
            on_error=on_error,
            measure_options={name: given[name] for name in OF_MEASURE},
            shown_options={"projection": projection, "images": images, "seed": seed},
            functions=Functions(collate_fn, forward, Columns.read(input, label)),
        )

    @explained_memory()
    @neutral_state(gradients=True)
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
                Dask's `client.get_executor()`; None for this process. On a processor,
                members of small networks that train by a recipe are made side by side
                in this process, as many as torch has threads; all others take turns.
                Pools of processes must be started with "spawn" or "forkserver"; their
                tasks share the cores, and the study is the same in any case.
            progress: Whether to show a bar, the choice of probes, and what is to be
                known.

        Returns:
            The study: one row per example, in the order of the data. Votes, maps,
            neighbors, `depth`, `prediction` and `confidence` are those of the member
            that is shown, `split` says whether it trained on the example; all other
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
            MemoryLimitError: If the memory runs out.
            ModelError: If the network cannot take the inputs or returns no logits.
            ProbeError: If the probes named are not the network's.
            ShapeError: If a split has fewer than k + 1 examples to train on.
        """
        check_executor(executor)
        given, folder = read_given(self._data, self._options), RunFolder(path)
        options = given.options
        known = class_words(options)
        data = EnsembleData(given.data, options.functions, known)
        own, digest = data.validate(
            keep=isinstance(options.recipe, Recipe),
            norms=options.measure_options["metric"] == "cosine",
        )
        names = data.class_names or (known.names if known else None)
        labels = TrainingLabels.choose(
            options.labels, own, data=given.data, names=names
        )
        data = data.relabel(labels.used)
        if progress and given.note:
            print_line(given.note)
        plan = make_plan(options, data, labels, kept=folder.kept, progress=progress)
        labels = labels.numbered(len(plan.class_names)).noted(data.labels_note)
        data = data.relabel(labels.used)
        if options.planted is not None:
            planting = draw_planting(
                data.features(options.seed),
                labels.used,
                share=options.planted,
                seed=options.seed,
            )
            labels = labels.plant(planting)
            data = data.relabel(labels.used)
            plan = replace(plan, labels=labels.used.numpy())
        definition = plan.describe(data=digest) | labels.describe()
        with open_run(folder, definition, plan.regions()):
            if not folder.finished:
                make_missing(
                    plan,
                    given.data,
                    data,
                    folder=folder,
                    executor=executor,
                    progress=progress,
                )
                aggregate_members(
                    plan,
                    folder,
                    title=options.title,
                    data=digest,
                    labels=labels,
                    examples=given,
                )
            study = open_study(folder.study)
            if options.shown_options["projection"] != "later":
                study = try_maps(with_maps, study, progress=progress)
        return _named(study, options.title, given.ids)


def _named(study: Study, title: str | None, ids: list[Any] | None) -> Study:
    """Give a study its title, and its examples their names."""
    dataset = study.dataset if ids is None else name_examples(study.dataset, ids)
    return Study(dataset if title is None else dataset.assign_attrs(title=title))
