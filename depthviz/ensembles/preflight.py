"""The plan of a run, tried out on a few examples before hours are spent.

A few examples are measured and trained on for one step, so that an argument that does
not fit the network or the data is refused at once, before the run's folder exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from depthviz.datasets.examples import check_labels
from depthviz.datasets.labels import describe_values
from depthviz.datasets.nested import Nest, is_floats, one_tensor
from depthviz.difficulty import input_margin
from depthviz.embeddings.choice import ProbeChoice, find_probes
from depthviz.embeddings.stream import embedding_sizes
from depthviz.embeddings.structure import chosen_by
from depthviz.ensembles.data import EnsembleData
from depthviz.ensembles.labels import TrainingLabels
from depthviz.ensembles.options import EnsembleOptions
from depthviz.ensembles.plan import Kept, Plan, build_network, seeds_of
from depthviz.ensembles.splits import check_holdout
from depthviz.errors import DivergenceError, LabelError, ModelError, ShapeError
from depthviz.machine.console import print_line
from depthviz.measurement import measure
from depthviz.measurement.examples.splits import ABOUT_NAMES
from depthviz.measurement.looks.names import configured_names
from depthviz.measurement.progress import announced_compilation, describe_choice
from depthviz.measurement.thumbnails import Thumbnails
from depthviz.training.draws import Draws, find_draws
from depthviz.training.loop import Watch, train_by
from depthviz.training.recipe import Recipe
from depthviz.training.setting import is_small, own_randomness

__all__ = ["make_plan"]

FEW = 8  # examples that are tried
NO_MARGIN = (
    "There is no input margin: the inputs are not one tensor of floats, and between "
    "others there is no distance."
)


def make_plan(
    options: EnsembleOptions,
    data: EnsembleData,
    labels: TrainingLabels,
    *,
    kept: Kept,
    progress: bool,
) -> Plan:
    """Make the plan of a run, and try it out on a few examples.

    Args:
        options: The options of the ensemble.
        data: The examples.
        labels: What members train with, before any are planted.
        kept: What an earlier run in the folder decides.
        progress: Whether to print the choice of probes and what is to be known.

    Returns:
        The plan.

    Raises:
        DepthvizError: If options, network and data do not fit together.
    """
    model = build_network(options.network, seeds_of(options.seed, 0)[0])
    if not isinstance(model, nn.Module):
        raise ModelError(
            f"network() must return an nn.Module, got {type(model).__name__}."
        )
    first = data.subset(np.arange(min(FEW, len(data))), name="data")
    inputs, _ = first.read(slice(0, len(first)))
    choice = find_probes(model, inputs, options.probes, call=options.functions.forward)
    probes = choice.probes
    sizes = embedding_sizes(
        model,
        inputs,
        probes,
        device=torch.device("cpu"),
        forward=options.functions.forward,
    )
    margin = options.input_margin and is_floats(inputs)
    if progress and margin != options.input_margin:
        print_line(NO_MARGIN)
    if progress:
        _report(options, data, choice, sizes)
    labels = labels.numbered(sizes["softmax"])
    data = data.relabel(labels.used)
    if progress and labels.values is not None:
        print_line(describe_values(labels.values))
    check_labels(labels.used, sizes["softmax"], name=labels.name)
    plan = Plan(
        network=options.network,
        recipe=options.recipe,
        members=options.members,
        holdout=options.holdout,
        seed=options.seed,
        labels=labels.used.numpy(),
        probes=probes,
        probes_chosen=chosen_by(options.probes),
        class_names=_class_names(options, data, model, labels, sizes["softmax"]),
        threads=options.threads or kept.threads or _default_threads(model),
        draws=None,
        input_margin=margin,
        probe_checkpoints=options.probe_checkpoints,
        evidence=kept.evidence,
        fused=kept.fused,
        measure_options=options.measure_options,
        shown_options=options.shown_options,
        functions=options.functions,
    )
    images = options.shown_options["images"]
    files = isinstance(images, str)  # read when the shown member is measured
    Thumbnails(len(data), "auto" if files else images)
    with announced_compilation("the search", show=progress):
        _try(plan, model, data)
    return replace(plan, draws=_find_draws(plan, model, inputs))


def _try(plan: Plan, model: nn.Module, data: EnsembleData) -> None:
    """Measure, and train for one step, on as few examples as will do."""
    k, trained = plan.measure_options["k"], _fewest_trained(plan)
    if trained <= k:
        raise ShapeError(
            f"k must be below the {trained} examples that a member trains on, got "
            f"k={k}. Give more examples, hold out less, or choose a smaller k."
        )
    rows = np.arange(min(len(data), max(k + 1, FEW)))
    few = data.subset(rows, name="data")
    options = {**plan.measure_options, "projection": None, "images": None}
    names = plan.class_names
    study = measure(
        model,
        few,
        probes=plan.probes,
        class_names=names,
        forward=plan.functions.forward,
        progress=False,
        **options,
    )
    batch = few.read(slice(0, FEW))
    if plan.input_margin:
        inputs = one_tensor(batch[0], "An input margin")
        input_margin(model, inputs, forward=plan.functions.forward)
    if isinstance(plan.recipe, Recipe):
        step = replace(plan.recipe, steps=1)
        with own_randomness(0, torch.device("cpu")), suppress(DivergenceError):
            watch = Watch(batch=partial(_check_width, len(study.classes)))
            train_by(
                step, model, batch, seed=0, watch=watch, call=plan.functions.forward
            )


def _check_width(classes: int, _: Tensor, logits: Tensor, __: Tensor) -> None:
    """Refuse a network that returns something else where it is not trained."""
    if logits.shape[1] != classes:
        raise ModelError(
            f"The network returns {logits.shape[1]} numbers an example in training "
            f"mode and {classes} in evaluation mode. Give one that returns its logits "
            "in both, not its features."
        )


def _class_names(
    options: EnsembleOptions,
    data: EnsembleData,
    model: nn.Module,
    labels: TrainingLabels,
    classes: int,
) -> tuple[str, ...]:
    """Take the names that are given, or the data set's, the network's, or numbers."""
    given = options.class_names
    names = data.class_names if given is None else given
    if names is None:
        own = configured_names(model) or ()
        numbers = range(classes) if labels.values is None else labels.values
        return own if len(own) == classes else tuple(map(str, numbers))
    if len(names) != classes:
        raise LabelError(
            f"The network has {classes} classes, but {len(names)} are named. "
            f"{ABOUT_NAMES}"
        )
    return tuple(map(str, names))


def _report(
    options: EnsembleOptions,
    data: EnsembleData,
    choice: ProbeChoice,
    sizes: Mapping[str, int],
) -> None:
    """Print what was done to the data, the probes, and which errors are missing."""
    for note in (data.note, data.labels_note):
        if note:
            print_line(note)
    if isinstance(options.probes, str | int):
        print_line(describe_choice(choice, sizes, len(data), timed=False))
    if check_holdout(options.members, options.holdout) < 2:
        every = options.members * options.holdout <= 1
        print_line(
            f"{'Each example is' if every else 'Some examples are'} held out once "
            "only: the validation depth has no standard error then, and the group "
            "no confidence. Twice as many members, or twice the holdout, give both."
        )


def _fewest_trained(plan: Plan) -> int:
    """Bound the number of examples that a member trains on, from below."""
    sizes = np.unique(plan.labels, return_counts=True)[1]
    return int(plan.count - np.ceil(plan.holdout * sizes).sum())


def _default_threads(model: nn.Module) -> int:
    """One thread for a small network, otherwise as many as this process uses."""
    return 1 if is_small(model) else torch.get_num_threads()


def _find_draws(plan: Plan, model: nn.Module, inputs: Nest) -> Draws | None:
    """Find where small networks draw that are trained by a recipe; else None."""
    if not isinstance(plan.recipe, Recipe) or plan.threads > 1 or not is_small(model):
        return None
    if not _parts(model).isdisjoint(_parts(build_network(plan.network, plan.seed))):
        return None  # what one member changes, another would see
    return find_draws(
        plan.recipe,
        model,
        inputs,
        margin=plan.input_margin,
        call=plan.functions.forward,
    )


def _parts(model: nn.Module) -> set[object]:
    return {*model.modules(), *model.parameters(), *model.buffers()}
