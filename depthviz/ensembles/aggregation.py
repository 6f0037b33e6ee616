"""The study of an ensemble, from the results of all its members.

The study of the shown member gives maps, neighbors and pictures; means over the members
give the columns. Only means are computed here, so a run that is killed at this point
ends in seconds when it is run again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.ensembles.columns import example_columns
from depthviz.ensembles.evidence import evidence_variables
from depthviz.ensembles.given import GivenExamples
from depthviz.ensembles.labels import TrainingLabels
from depthviz.ensembles.plan import Plan, describe_recipe
from depthviz.ensembles.run.folder import RunFolder
from depthviz.errors import DivergenceError, StudyError
from depthviz.measurement.examples.ids import name_examples
from depthviz.study.grouping import group_columns
from depthviz.study.members import when_failed
from depthviz.study.storage.regions import finish_regions, open_regions
from depthviz.study.table import SPLITS

__all__ = ["aggregate_members", "failed_steps"]

EXAMPLE, MEMBER = ("example",), ("member",)
# What is said of the shown member elsewhere, or of all members.
OF_ONE_MEMBER = (
    "label_probability",
    "neighbor_margin",
    "class_share",
    "log_probability",
    "kept_class",
)


def aggregate_members(
    plan: Plan,
    folder: RunFolder,
    *,
    title: str | None,
    data: str,
    labels: TrainingLabels,
    examples: GivenExamples,
) -> None:
    """Add the means over members, and make the run's folder a study.

    `data` is the digest of all inputs and labels of the data. DivergenceError if every
    member failed.
    """
    facts = folder.members()
    failed = failed_steps(facts)
    shown = folder.shown_study()
    if shown is None:
        raise StudyError(f"The run at {folder.path} has no member to show.")
    regions = open_regions(folder.study, plan.regions())
    dataset = shown.dataset.drop_vars(OF_ONE_MEMBER, errors="ignore")
    valid = failed < 0
    classes = np.asarray(plan.labels)
    columns = example_columns(
        regions, classes, valid=valid, classes=len(plan.class_names)
    )
    stood = labels.columns()
    dataset = dataset.assign(_example_variables(columns | stood)).assign(
        _member_variables(failed, facts)
    )
    if plan.evidence:
        dataset = dataset.assign(
            evidence_variables(
                regions,
                classes,
                valid=valid,
                classes=len(plan.class_names),
                k=plan.measure_options["k"] - plan.measure_options["include_self"],
            )
        )
    else:
        dataset = dataset.drop_vars("suggested_label", errors="ignore")
    groups, about = group_columns(dataset.assign(regions.data_vars))
    dataset = (
        dataset.assign(_example_variables(groups))
        .assign(group=(EXAMPLE, groups["group"], about))
        .assign_coords(member=np.arange(plan.members, dtype=np.int32))
        .assign_attrs(_attributes(plan, failed, facts, columns, data=data))
        .assign_attrs(labels.attributes() | examples.facts)
    )
    if examples.ids is not None:
        dataset = name_examples(dataset, examples.ids)
    if title is not None:
        dataset = dataset.assign_attrs(title=title)
    dataset.attrs.pop("format_version", None)
    finish_regions(folder.study, dataset, plan.regions())


def failed_steps(facts: dict[int, dict[str, Any]]) -> NDArray[np.int32]:
    """Find the step at which each member's loss became NaN, int32, shape `(M,)`.

    0 if the step is unknown, -1 if the member did not fail; DivergenceError if all did.
    """
    if list(facts) != list(range(len(facts))):
        raise StudyError(
            f"Of the members {len(facts)} are there, but not the first ones: run again."
        )
    steps = np.array([each.get("failed_step", -1) for each in facts.values()], np.int32)
    if len(steps) and (steps >= 0).all():
        raise DivergenceError(
            f"All {len(steps)} members of this run diverged, member 0 "
            f"{when_failed(int(steps[0]))}; there is no study. Try a smaller learning "
            "rate, in another folder.",
            step=int(steps[0]),
        )
    return steps


def _example_variables(columns: dict[str, NDArray[Any]]) -> dict[str, Any]:
    return {name: (EXAMPLE, values, {}) for name, values in columns.items()}


def _member_variables(
    failed: NDArray[np.int32], facts: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    accuracy = [
        [each.get(f"{split}_accuracy", np.nan) for split in SPLITS]
        for each in facts.values()
    ]
    parts = {"parts": list(SPLITS)}
    return {
        "member_failed": (MEMBER, failed, {}),
        "member_accuracy": (
            (*MEMBER, "part"),
            np.array(accuracy, np.float32),
            parts,
        ),
    }


def _attributes(
    plan: Plan,
    failed: NDArray[np.int32],
    facts: dict[int, dict[str, Any]],
    columns: dict[str, NDArray[Any]],
    *,
    data: str,
) -> dict[str, Any]:
    recipe = describe_recipe(plan.recipe)
    lost = [
        f"{number} {when_failed(int(step))}"
        for number, step in enumerate(failed)
        if step >= 0
    ]
    return {
        "probes_chosen": plan.probes_chosen,
        "members": plan.members,
        "members_failed": lost,
        "shown_member": int(np.flatnonzero(failed < 0)[0]),
        "holdout": plan.holdout,
        "splits": "stratified; each example is held out equally often, give or take 1",
        "held_out_at_least": int(columns["held_out"].min()),
        "recipe": ", ".join(f"{name}={value}" for name, value in recipe.items()),
        "threads": plan.threads,
        "seed": plan.seed,
        "device": ", ".join(sorted({each["device"] for each in facts.values()})),
        "data_sha256": data,
    }
