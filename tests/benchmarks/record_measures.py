"""How long each measure of a large training record takes, and how much memory.

python -m tests.benchmarks.record_measures [EXAMPLES] [EPOCHS]
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from depthviz.training import open_record
from depthviz.training.record.log import Layout
from depthviz.training.record.writer import LogWriter

BATCH, CLASSES = 128, 10
MEASURES = (
    "forgetting",
    "aum",
    "data_map",
    "iteration_learned",
    "loss",
    "el2n",
    "dynamic_uncertainty",
    "dual",
    "frame",
)


def write_record(folder: Path, examples: int, epochs: int) -> None:
    """Write a record of random numbers, in batches of shuffled epochs."""
    layout, draw = Layout(CLASSES, keep_logits=False), np.random.default_rng(0)
    writer = LogWriter(folder, 0, layout)
    for epoch in range(1, epochs + 1):
        records = np.zeros(examples, layout.record)
        records["index"] = order = draw.permutation(examples)
        records["step"], records["label"] = epoch, order % CLASSES
        records["probability"] = sure = draw.random(examples)
        records["margin"], records["error"] = 4 * sure - 2, 1 - sure
        records["prediction"] = (order + (sure < 0.4)) % CLASSES
        for start in range(0, examples, BATCH):
            writer.append(layout.block(records[start : start + BATCH], None))
    writer.close()


def main() -> None:
    """Print a row a measure."""
    sizes = [int(each) for each in sys.argv[1:3]] or [60_000, 200]
    with tempfile.TemporaryDirectory() as folder:
        write_record(Path(folder), *sizes)
        record = open_record(folder)
        print(f"{record}, {record.size / 1e6:,.0f} MB")
        print(f"{'measure':22}{'seconds':>10}{'of a core':>12}{'peak MB':>10}")
        for name in MEASURES:
            start, busy = time.perf_counter(), time.process_time()
            getattr(record, name)()
            took, used = time.perf_counter() - start, time.process_time() - busy
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
            print(f"{name:22}{took:10.2f}{used:12.2f}{peak:10,.0f}")


if __name__ == "__main__":
    main()
