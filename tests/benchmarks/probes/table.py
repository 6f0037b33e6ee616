"""The table of a family's verdicts, and the list of what was not found."""

from collections import Counter
from collections.abc import Iterable

from tests.benchmarks.probes.check import Result
from tests.benchmarks.tables import Cell, table

__all__ = ["print_results"]

TITLE = "Networks with a probe at each block, in run order, and with the same logits."
APART = ("other inputs", "not built", "no count")


def print_results(results: Iterable[Result]) -> None:
    """Print a row a family, the whole, and each network that is not found."""
    every = list(results)
    families = list(dict.fromkeys(each.family for each in every))
    rows = [_row(name, [e for e in every if e.family == name]) for name in families]
    header = (
        "family",
        "names",
        "run",
        "found",
        "share",
        "structure only",
        "found",
        "not built",
        "other inputs",
        "no count",
    )
    print(table(TITLE, header, [*rows, _row("all", every)]))
    for each in every:
        if each.verdict != "found":
            only = ", structure only" if each.structure else ""
            print(f"{each.family} {each.name}: {each.verdict}{only}; {each.reason}")


def _row(name: str, results: list[Result]) -> tuple[Cell, ...]:
    counts = Counter(each.verdict for each in results)
    judged = [each for each in results if each.verdict not in APART]
    run = [each for each in judged if not each.structure]
    unreal = [each for each in judged if each.structure]
    right = sum(each.verdict == "found" for each in run)
    return (
        name,
        len(results),
        len(run),
        right,
        f"{right / len(run):.1%}" if run else "",
        len(unreal),
        sum(each.verdict == "found" for each in unreal),
        counts["not built"],
        counts["other inputs"],
        counts["no count"],
    )
