"""How well scores find wrong labels, on label sets whose truth is known.

    python -m tests.benchmarks.label_errors [--quick] [--sets digits,sst2] [--out DIR]

Ensembles whose members hold out half of the examples, and single networks without any
held-out ones: one that knows its labels by heart, one that was trained for a moment.
All are kept in the folder: killed at any time, the same command goes on.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from depthviz.study import Study
from tests.benchmarks.label_errors.label_sets import SETS, LabelSet, make_set, needs
from tests.benchmarks.label_errors.report import report
from tests.benchmarks.label_errors.results import (
    Part,
    Results,
    ensemble_part,
    group_part,
    network_part,
    question_part,
    rare_part,
)
from tests.benchmarks.label_errors.runs import ensemble_study, network_run
from tests.benchmarks.processor import describe_processor
from tests.conftest import DATA

__all__ = ["main"]

# Examples, members of an ensemble, examples of a single network, and epochs of a
# member, which each label set has its own of.
FULL = {"examples": 10_000, "members": 4, "heart": 2_000, "epochs": None}
QUICK = {"examples": 600, "members": 2, "heart": 400, "epochs": 15}
QUICK_SETS = ("digits", "fashion-symmetric")


def main(arguments: Sequence[str] | None = None) -> None:
    """Make what is missing for each label set, and print tables of all of them."""
    given = _parse(arguments)
    print(describe_processor(), flush=True)
    found = {}
    for name in given.sets:
        if (folder := needs(name)) and not (DATA / folder).is_dir():
            print(f"No {name}: it needs {DATA / folder}; set DEPTHVIZ_DATA.")
            continue
        found[name] = _label_set(name, given)
        print(f"{name} is done.", flush=True)
    print()
    print(report(found))


def _label_set(name: str, given: argparse.Namespace) -> dict[str, Part]:
    """Find everything about one label set, as far as it is not found yet."""
    one = make_set(name, given.examples, given.seed)
    if given.epochs is not None:
        one = one._replace(recipe=replace(one.recipe, epochs=given.epochs))
    size = f"n{len(one.labels)}-e{one.recipe.epochs}-seed{given.seed}"
    folder = given.out / f"{name}-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    results = Results(folder / f"results-m{given.members}-heart{given.heart}.json")
    for part, make in _parts(one, folder, given).items():
        results.get(part, make)
    return results.parts


def _parts(
    one: LabelSet, folder: Path, given: argparse.Namespace
) -> dict[str, Callable[[], Part]]:
    """List the parts of a label set, in the order in which they are made."""
    few = one.head(given.heart)

    @cache
    def study() -> Study:
        place = folder / f"ensemble-{given.members}"
        return ensemble_study(one, place, members=given.members, seed=given.seed)

    def network(*, by_heart: bool) -> Part:
        place = folder / f"network-{given.heart}"
        run = network_run(few, place, by_heart=by_heart, seed=given.seed)
        return network_part(few, run)

    parts: dict[str, Callable[[], Part]] = {}
    for members in sorted({2, given.members}):
        parts[f"{members} members"] = partial(_ensemble, one, study, members)
    parts["groups"] = lambda: group_part(one, study())
    if one.annotations is not None:
        parts["questions"] = lambda: question_part(one, study())
    if one.name.endswith("-rare"):
        parts["rare class"] = lambda: rare_part(one, study())
    parts["by heart"] = partial(network, by_heart=True)
    parts["short"] = partial(network, by_heart=False)
    return parts


def _ensemble(one: LabelSet, study: Callable[[], Study], members: int) -> Part:
    return ensemble_part(one, study(), members=members)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--quick", action="store_true", help="a moment's worth of each")
    parser.add_argument("--sets", type=_names, help="label sets, with commas")
    parser.add_argument("--out", type=Path, default=Path("build/label_errors"))
    parser.add_argument("--seed", type=int, default=0)
    for name, value in FULL.items():
        parser.add_argument(f"--{name}", type=int, help=f"{value} at full length")
    given = parser.parse_args(arguments)
    sizes = QUICK if given.quick else FULL
    for name, value in sizes.items():
        if getattr(given, name) is None:
            setattr(given, name, value)
    given.sets = given.sets or list(QUICK_SETS if given.quick else SETS)
    return given


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(SETS):
        raise argparse.ArgumentTypeError(
            f"unknown {', '.join(sorted(unknown))}; there are {', '.join(SETS)}"
        )
    return names


if __name__ == "__main__":
    main()
