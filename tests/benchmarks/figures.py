"""How long each chart of a large study takes, and how large its files are.

Run with `python -m tests.benchmarks.figures [--share 0.1]`; it prints one table: each
chart of 60,000 examples at 11 probes, made and written as PDF and as SVG, in seconds of
the processor.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from depthviz import charts
from depthviz.charts import save
from depthviz.cli.named_charts import chart_names
from depthviz.errors import StudyError
from depthviz.study import Study
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.tables import table, target
from tests.ensembles.synthetic import ensemble_study
from tests.relabeling.suspects import planted, suspicious

__all__ = ["large_study", "main"]

EXAMPLES = 60_000
SHAPE = {"members": 4, "probes": 11, "classes": 10, "neighbors": 10}
PICTURE, STEPS = (16, 16, 1), 8
KINDS = ("pdf", "svg")
MOST_SECONDS, MOST_BYTES = 5.0, 1_000_000
HEADER = ["chart", "marks", "made, s", "PDF, s", "PDF, kB", "SVG, s", "SVG, kB"]


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the examples")
    parser.add_argument("--charts", default=",".join(chart_names()), help="with commas")
    parser.add_argument("--seed", type=int, default=0, help="decides the study")
    given = parser.parse_args(words)
    print(describe_processor(), flush=True)
    count = round(EXAMPLES * given.share)
    study = large_study(count, seed=given.seed)
    with tempfile.TemporaryDirectory() as folder:
        save(charts.depth_histogram(study), f"{folder}/a.pdf")  # what comes first waits
        rows = [row(name, study, Path(folder)) for name in given.charts.split(",")]
    print(table(f"**Charts of {count:,} examples.**", HEADER, rows))
    drawn = [row for row in rows if row[2] is not None]
    slowest = max(made + wrote for _, _, made, *each in drawn for wrote in each[::2])
    largest = max(size for _, _, _, *each in drawn for size in each[1::2])
    print(target("slowest, made and written, s", slowest, most=MOST_SECONDS))
    print(target("largest file, MB", largest / 1000, most=MOST_BYTES / 1e6))


def large_study(examples: int, *, seed: int) -> Study:
    """Draw an ensemble with planted labels, pictures, steps, and maps of clouds."""
    study = planted(suspicious(ensemble_study(examples=examples, seed=seed, **SHAPE)))
    data, draw = study.dataset, np.random.default_rng(seed)
    size = (data.sizes["probe"], data.sizes["example"], 2)
    middle = draw.normal(size=(data.sizes["class"], 2))[data["label"].values]
    spread = np.linspace(2, 0.3, size[0])[:, None, None]
    place = middle + spread * draw.normal(size=size)
    picture = draw.integers(0, 256, (size[1], *PICTURE), np.uint8)
    sides = ("image_height", "image_width", "image_channel")
    found = {
        "projection": (("probe", "example", "map_axis"), place.astype(np.float32)),
        "image": (("example", *sides), picture),
        "probe_accuracy_at": (("checkpoint", "probe"), draw.random((STEPS, size[0]))),
        "checkpoint_step": ("checkpoint", np.arange(STEPS)),
    }
    return Study(data.assign(found))


def row(name: str, study: Study, folder: Path) -> list[Any]:
    """Make one chart and write it in each kind; None where the study lacks it."""
    begin = process_time()
    try:
        chart = getattr(charts, name)(study)
    except StudyError as error:
        print(f"{name}: {error}", flush=True)
        return [name, *[None] * (len(HEADER) - 1)]
    made = process_time() - begin
    found: list[Any] = [name, _marks(chart), made]
    for kind in KINDS:
        begin = process_time()
        size = save(chart, folder / f"{name}.{kind}").stat().st_size
        found += [process_time() - begin, size / 1000]
    print(*found, flush=True)
    return found


def _marks(chart: Any) -> int:
    """Rows of the largest table of a chart."""
    return max(len(rows) for rows in chart.datasets.values())


if __name__ == "__main__":
    main()
