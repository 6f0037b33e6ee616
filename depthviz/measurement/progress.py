"""What a person sees of a measurement that takes minutes: where it is, and how long.

One bar shows the search at all probes of a pass. Probes differ a hundredfold in what a
search costs, so the bar counts work and not examples: its share and its time left are
those of the whole, beside the rate at the present probe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["SearchBar", "examples_bar", "say", "searching", "tell_lowest_recall"]

# Ranking a distance takes about as long as computing it from this many features.
RANKING = 128
WORK = "{desc}{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"


def examples_bar(title: str, total: int, *, show: bool) -> Any:
    """Make a bar that counts examples.

    Args:
        title: What is done with them.
        total: Number of examples.
        show: Whether it is seen.

    Returns:
        The bar, a context manager with `update`.
    """
    from tqdm.auto import tqdm

    return tqdm(
        total=total,
        desc=title,
        unit=" examples",
        unit_scale=True,
        disable=not show,
    )


class SearchBar:
    """A bar of the search at some probes.

    Args:
        bar: What counts the work.
        sizes: F of the probes that are searched, by name.
        places: Place of each probe among all, from 1, by name.
        probes: Number of all probes.
    """

    def __init__(
        self, bar: Any, sizes: Mapping[str, int], places: Mapping[str, int], probes: int
    ) -> None:
        self._bar, self._sizes, self._places = bar, sizes, places
        self._probes = probes

    def at(self, name: str) -> Callable[[int], None]:
        """Begin with a probe.

        Args:
            name: The probe.

        Returns:
            What to call with the number of examples each time some are settled.
        """
        place = f"{self._places[name]} of {self._probes}"
        self._bar.set_postfix_str("", refresh=False)
        self._bar.set_description(f"Neighbors at {name} ({place})")
        begun, done = perf_counter(), 0

        def settled(count: int) -> None:
            nonlocal done
            done += count
            rate = done / max(perf_counter() - begun, 1e-9)
            self._bar.set_postfix_str(f"{_in_words(rate)} examples/s", refresh=False)
            self._bar.update(count * _work(self._sizes[name]))

        return settled


@contextmanager
def searching(
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
    from tqdm.auto import tqdm

    total = sum(count * _work(sizes[name]) for name in names)
    places = {name: place for place, name in enumerate(order, 1)}
    with tqdm(total=total, desc="Neighbors", bar_format=WORK, disable=not show) as bar:
        yield SearchBar(bar, sizes, places, len(order))
        bar.set_postfix_str("", refresh=False)
        noun = "probe" if len(names) == 1 else "probes"
        bar.set_description(f"Neighbors at {len(names)} {noun}")


def say(line: str) -> None:
    """Print a line above the bars.

    Args:
        line: The line.
    """
    from tqdm.auto import tqdm

    tqdm.write(line)


def tell_lowest_recall(recall: NDArray[np.float32], names: Sequence[str]) -> None:
    """Print where an approximate search found least.

    Args:
        recall: Share of the nearest that it found, shape `(P,)`.
        names: Names of the probes.
    """
    least = int(recall.argmin())
    say(
        f"{recall[least]:.1%} of the nearest neighbors were found at {names[least]}, "
        "the least of all probes."
    )


def _work(features: int) -> int:
    return features + RANKING


def _in_words(rate: float) -> str:
    return f"{rate:.1f}" if rate < 10 else f"{rate:,.0f}"
