"""What a person sees of a measurement that takes minutes: where it is, and how long.

One bar shows the search at all probes of a pass. Probes differ a hundredfold in what a
search costs, so the bar counts work and not examples: its share and its time left are
those of the whole, next to the rate at the present probe.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from time import perf_counter
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.embeddings import describe_probes
from depthviz.embeddings.choice import ProbeChoice
from depthviz.machine.compilation import listening
from depthviz.machine.console import print_line, progress_bar, written_for
from depthviz.machine.interrupts import enter, restoring
from depthviz.machine.scratch import describe_bytes

__all__ = [
    "SearchBar",
    "announced_compilation",
    "describe_choice",
    "describe_finding",
    "examples_bar",
    "report_lowest_recall",
    "search_bar",
]

# Ranking a distance takes about as long as computing it from this many features.
RANKING = 128
WORK = "{desc}{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"


def describe_choice(
    choice: ProbeChoice, sizes: Mapping[str, int], examples: int, *, timed: bool
) -> str:
    """Say in one line where the probes stand and what they cost.

    Args:
        choice: The probes that were found.
        sizes: F by probe name.
        examples: N.
        timed: Whether the network was tried on the device that it will run on.

    Returns:
        Probes with their shapes; features and bytes; and about how long a pass takes.
    """
    features = sum(sizes.values())
    nbytes = 4 * features * examples
    cost = f"{features:,} features, {describe_bytes(nbytes)} for {examples:,} examples"
    seconds = choice.seconds * examples
    if timed and seconds >= 1:
        cost += f", about {seconds:,.0f} s a pass"
    said = [describe_probes(choice.probes, choice.shapes), cost]
    return ". ".join([*said, choice.thinned.rstrip(".")] if choice.thinned else said)


def examples_bar(title: str, total: int, *, show: bool) -> Any:
    """Make a bar that counts examples: a context manager with `update`."""
    return progress_bar(
        total=total, desc=title, unit=" examples", unit_scale=True, show=show
    )


class SearchBar:
    """A bar of the search at some probes.

    Args:
        bar: Counts the work.
        sizes: F of the probes that are searched, by name.
        places: Place of each probe among all, from 1, by name.
        probes: Number of all probes.
    """

    def __init__(
        self, bar: Any, sizes: Mapping[str, int], places: Mapping[str, int], probes: int
    ) -> None:
        self._bar, self._sizes, self._places = bar, sizes, places
        self._probes = probes

    def start_probe(self, name: str) -> Callable[[int], None]:
        """Begin with a probe; call the result with the number of examples settled."""
        place = f"{self._places[name]} of {self._probes}"
        self._bar.set_postfix_str("", refresh=False)
        title = f"Neighbors at {name} ({place})"
        self._bar.set_description(written_for(title, sys.stderr))
        begun, done = perf_counter(), 0

        def settled(count: int) -> None:
            nonlocal done
            done += count
            rate = done / max(perf_counter() - begun, 1e-9)
            self._bar.set_postfix_str(f"{_format_rate(rate)} examples/s", refresh=False)
            self._bar.update(count * _work(self._sizes[name]))

        return settled


@restoring
def search_bar(
    sizes: Mapping[str, int],
    names: list[str],
    *,
    count: int,
    order: list[str],
    show: bool,
) -> Iterator[SearchBar]:
    """Show the search at the probes of a pass.

    Args:
        sizes: F by probe name.
        names: The probes of the pass.
        count: Number of examples.
        order: All probes in the network's order.
        show: Whether the bar is seen.

    Yields:
        The bar.
    """
    total = sum(count * _work(sizes[name]) for name in names)
    places = {name: place for place, name in enumerate(order, 1)}
    with progress_bar(total=total, desc="Neighbors", bar_format=WORK, show=show) as bar:
        yield SearchBar(bar, sizes, places, len(order))
        bar.set_postfix_str("", refresh=False)
        noun = "probe" if len(names) == 1 else "probes"
        bar.set_description(f"Neighbors at {len(names)} {noun}")


@restoring
def announced_compilation(what: str, *, show: bool) -> Iterator[None]:
    """Say on screen where loops have to be compiled first, and how long it took.

    Args:
        what: What they are of, as "the search".
        show: Whether to say anything.

    Yields:
        Nothing.
    """
    lines = _CompilationLines(what)
    with ExitStack() as held:
        if show:
            enter(held, listening, lines)
        yield
    lines.close()


class _CompilationLines:
    """A line when the first loop is compiled, and one when all are."""

    def __init__(self, what: str) -> None:
        self._what, self._seconds, self._begun = what, 0.0, False

    def begin(self, *, kept: bool) -> None:
        """Say once that it begins, and how often that will be."""
        if self._begun:
            return
        self._begun = True
        how_often = (
            "once after installation"
            if kept
            else "in each process, as no folder is there to keep it: NUMBA_CACHE_DIR "
            "can name one"
        )
        print_line(f"Compiling {self._what}, {how_often} …")

    def end(self, seconds: float) -> None:
        """Add up."""
        self._seconds += seconds

    def close(self) -> None:
        """Say how long it took, if anything was compiled."""
        if self._begun:
            print_line(f"Compiled {self._what} in {self._seconds:.1f} s.")


def describe_finding(dataset: xr.Dataset) -> str:
    """Say what a measurement found before its maps are made, in a line.

    Args:
        dataset: A study's dataset.

    Returns:
        The mean depth, how many examples never settle, and how many labels are doubted.
    """
    depth, probes = dataset["depth"].values, dataset.sizes["probe"]
    undecided = int((depth == probes).sum())
    facts = [f"mean depth {depth.mean():.2f} of {probes} probes"]
    facts.append(f"{undecided:,} of {len(depth):,} examples undecided at the last")
    label, other = dataset["label"].values, dataset["suggested_label"].values
    doubted = (dataset["suspicion"].values > 0) & (other >= 0) & (other != label)
    if doubted.any():
        facts.append(f"{int(doubted.sum()):,} given labels doubted")
    return f"Found: {', '.join(facts)}."


def report_lowest_recall(recall: NDArray[np.float32], names: Sequence[str]) -> None:
    """Print where an approximate search found least; recall `(P,)` and probe names."""
    least = int(recall.argmin())
    print_line(
        f"{recall[least]:.1%} of the nearest neighbors were found at {names[least]}, "
        "the least of all probes."
    )


def _work(features: int) -> int:
    return features + RANKING


def _format_rate(rate: float) -> str:
    return f"{rate:.1f}" if rate < 10 else f"{rate:,.0f}"
