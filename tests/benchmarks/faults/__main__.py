"""What is left after faults, provoked at random: killed, stopped, forged, damaged.

    python -m tests.benchmarks.faults [--share 0.1] [--seed 0] [--only kills,stops]

Everything that is tried depends on the seed, and on when the machine gets to it.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.benchmarks.faults.damage import damage
from tests.benchmarks.faults.forged import forged
from tests.benchmarks.faults.found import Found
from tests.benchmarks.faults.kills import kills
from tests.benchmarks.faults.stops import stops
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.tables import Cell, table

__all__ = ["main"]

SHOWN = 20  # lines of what did not hold, of each kind


class Kind(NamedTuple):
    """A kind of fault.

    Attributes:
        what: What is done, and to what.
        count: How often, by default.
        provoke: Does it, by number and seed.
        must: What must be so afterwards.
    """

    what: str
    count: int
    provoke: Callable[[int, int], Found]
    must: str


KINDS = {
    "kills": Kind(
        "SIGKILL while a study, report, page, site, view or picture is written",
        200,
        kills,
        "the old or the new, whole; the next call leaves nothing hidden",
    ),
    "stops": Kind(
        "Stop in measure, Ensemble.run, maps, margins, pages, Recorder",
        500,
        stops,
        "network, process and temporary files as before, the next call equal",
    ),
    "forged": Kind(
        "states, and as many pulls, that no page of ours sends",
        500,
        forged,
        "nothing raised but our own errors, every pull answered",
    ),
    "damage": Kind(
        "studies that are damaged, or made by a stranger",
        100,
        damage,
        "opened, or refused in words; no hang, 4 GB at most",
    ),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Provoke what is asked for, and print a table."""
    given = _parse(arguments)
    print(describe_processor())
    rows, notes = [], []
    for name in given.only:
        row, lines = _row(KINDS[name], given.share, given.seed)
        rows.append(row)
        notes += [f"- {name}: {line}" for line in lines]
    header = ("fault", "tried", "held", "seconds", "must")
    print(table(f"**Faults**, seed {given.seed}.", header, rows))
    print("\n".join(notes))


def _row(kind: Kind, share: float, seed: int) -> tuple[list[Cell], list[str]]:
    begun = time.monotonic()
    found = kind.provoke(max(1, round(kind.count * share)), seed)
    seconds = time.monotonic() - begun
    return [kind.what, found.tried, found.held, seconds, kind.must], found.notes[:SHOWN]


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--share", type=float, default=1, help="of the usual numbers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--only", type=_names, default=list(KINDS), help="kinds, with commas"
    )
    return parser.parse_args(arguments)


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(KINDS):
        raise argparse.ArgumentTypeError(
            f"unknown {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}"
        )
    return names


if __name__ == "__main__":
    main()
