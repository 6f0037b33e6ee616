"""How long the demo takes, and what with: `python -m tests.benchmarks.demo`.

A first use compiles what is used, a warm one finds it compiled: each in a process and a
folder of its own. `--against CHECKOUT` runs the demo of another commit in turns with
this one, and prints the ratios.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.demo.first_use import ROOT, run_fresh, stages_table
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.tables import target

__all__ = ["main"]

COLD, WARM = 0.5, 0.45
DEMO = "from depthviz.cli.demo import run_demo\nrun_demo('out')\n"
# One network and two short members in place of ten, and no report.
QUICK = """
from pathlib import Path
from depthviz.cli import demo
from depthviz.training import Recipe
few = {'members': 2, 'holdout': 0.5, 'recipe': Recipe(epochs=1)}
demo.run_digits(Path('out'), progress=False, **few)
"""


def main(argv: Sequence[str] | None = None) -> None:
    """Print seconds and shares of first and warm use, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two short members")
    parser.add_argument("--against", type=Path, help="a checkout of another commit")
    parser.add_argument("--rounds", type=int, default=1, help="of warm uses")
    given = parser.parse_args(argv)
    code = QUICK if given.quick else DEMO
    print(describe_processor(), "\n")
    checkouts = {"": ROOT}
    if given.against is not None:
        checkouts["before: "] = given.against.resolve()
    with tempfile.TemporaryDirectory() as folder:
        runs = _runs(code, checkouts, given.rounds, Path(folder))
    chosen = {name: _middle(found) for name, found in runs.items()}
    print(stages_table("**The demo.** Shares are of all busy threads.", chosen))
    if given.against is not None:
        for use, most in (("first use", COLD), ("warm use", WARM)):
            ratio = chosen[use]["seconds"] / chosen[f"before: {use}"]["seconds"]
            print(target(f"{use}, this commit / the other", ratio, most=most))


def _runs(
    code: str, checkouts: dict[str, Path], rounds: int, folder: Path
) -> dict[str, list[dict[str, Any]]]:
    """Run all checkouts in turns: once with an empty cache, then with a full one."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number in range(rounds + 1):
        for place, (name, checkout) in enumerate(checkouts.items()):
            facts = run_fresh(
                code,
                cache=folder / f"cache{place}",
                checkout=checkout,
                folder=folder / f"run{place}-{number}",
            )
            use = "warm use" if number else "first use"
            found.setdefault(f"{name}{use}", []).append(facts)
    return found


def _middle(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Take the run of the median time."""
    middle = median(sorted(facts["seconds"] for facts in runs))
    return min(runs, key=lambda facts: abs(facts["seconds"] - middle))


if __name__ == "__main__":
    main()
