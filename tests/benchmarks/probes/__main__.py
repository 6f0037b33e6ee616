"""Are the blocks of public networks found? `python -m tests.benchmarks.probes`.

All classifiers of torchvision, every name of timm, and transformers' heads for
pictures, text and sound, those of text and sound small. Each has a process of its own;
results are lines of a file, so that a run goes on where it stopped. Networks of up to
300 million parameters run on two examples of their own size; of larger ones the
structure alone is looked at.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.probes.apart import check_apart
from tests.benchmarks.probes.check import Result
from tests.benchmarks.probes.families import FAMILIES, names_of
from tests.benchmarks.probes.table import print_results


def main(arguments: Sequence[str] | None = None) -> None:
    """Check what has no result yet, and print the table."""
    asked = _read(arguments)
    done = _done(asked.results)
    wanted = [
        (family, name)
        for family in asked.families.split(",")
        for name in _names(family, asked)
    ]
    for family, name in wanted:
        if (family, name) not in done:
            result = check_apart(
                family, name, limit=asked.limit, structure=asked.structure
            )
            done[family, name] = result
            if asked.results:
                with asked.results.open("a", encoding="utf-8") as file:
                    print(json.dumps(result._asdict()), file=file)
    print_results(done[each] for each in wanted)


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--names", help="of one family, with commas")
    parser.add_argument("--every", type=int, default=1, help="take every so-manieth")
    parser.add_argument("--share", type=float, help="of the names, evenly")
    parser.add_argument("--structure", action="store_true", help="no values, fast")
    parser.add_argument("--results", type=Path, help="file of lines to go on with")
    parser.add_argument("--limit", type=float, default=300, help="seconds a network")
    return parser.parse_args(arguments)


def _names(family: str, asked: argparse.Namespace) -> list[str]:
    if asked.names:
        return asked.names.split(",")
    every = max(1, round(1 / asked.share)) if asked.share else asked.every
    return names_of(family)[::every]


def _done(results: Path | None) -> dict[tuple[str, str], Result]:
    if results is None or not results.exists():
        return {}
    lines = results.read_text("utf-8").splitlines()
    found = (Result(**json.loads(line)) for line in lines if line)
    return {(each.family, each.name): each for each in found}


if __name__ == "__main__":
    main()
