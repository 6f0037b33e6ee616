"""The memory that one search takes beyond its features, in a process of its own.

The peak is the kernel's: the largest resident size that the process ever had. Linux
alone tells it without what the parent process had before.
"""

import argparse
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from depthviz.neighbors import nearest_neighbors
from tests.benchmarks.data import gaussian
from tests.benchmarks.machine import threads
from tests.benchmarks.rivals import Way, ways
from tests.paths import ROOT

__all__ = ["LIMITED", "extra_memory", "tells_memory"]

STATUS = Path("/proc/self/status")
WARM_UP = 256
LIMIT = 256_000_000
LIMITED = f"depthviz, memory_limit={LIMIT:_}"


def tells_memory() -> bool:
    """Whether this system tells the peak of a process."""
    return STATUS.exists()


def extra_memory(way: str, count: int, features: int, *, k: int, pool: int) -> int:
    """Measure one search in a fresh process.

    Args:
        way: Its name in `ways`, or LIMITED.
        count: Queries, and as many references.
        features: F.
        k: Number of neighbors.
        pool: Threads.

    Returns:
        Bytes by which the peak grew.
    """
    command = [sys.executable, "-m", __spec__.name, way]
    numbers = [str(number) for number in (count, features, k, pool)]
    done = subprocess.run(
        command + numbers,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{way} failed on its own:\n{done.stderr[-3000:]}")
    return int(done.stdout.split()[-1])


def _search(way: str, pool: int) -> Way:
    if way == LIMITED:
        return lambda query, reference, k: (
            nearest_neighbors(query, reference, k=k, memory_limit=LIMIT).index
        )
    return ways(pool)[way]


def _forget_peak() -> None:
    """Let the peak start anew, at what is resident, where the kernel allows it."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")


def _peak() -> int:
    lines = STATUS.read_text("ascii").splitlines()
    return 1024 * next(
        int(line.split()[1]) for line in lines if line.startswith("VmHWM")
    )


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("way")
    for name in ("count", "features", "k", "threads"):
        parser.add_argument(name, type=int)
    given = parser.parse_args()
    query, reference = (gaussian(given.count, given.features, seed) for seed in (0, 1))
    with threads(given.threads):
        search = _search(given.way, given.threads)
        search(query[:WARM_UP], reference[:WARM_UP], given.k)
        _forget_peak()
        before = _peak()
        search(query, reference, given.k)
    print(_peak() - before)


if __name__ == "__main__":
    _main()
