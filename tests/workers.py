"""How the modules of the suite are shared by the processes of `pytest -n`.

A module is one piece of work, since what it makes for all its tests is made once. The
modules that use one JupyterLab are one piece together. Long pieces start first, so that
no process is left alone with one at the end.
"""

import os

from xdist.scheduler import LoadScopeScheduling

MOST_WORKERS = 4
SHARED_SERVER = "tests/browser/lab/"
LONG = (
    SHARED_SERVER,
    "tests/benchmarks/",
    "tests/test_distributions.py",
    "tests/test_typescript.py",
    "tests/browser/",
    "tests/ensembles/",
    "tests/measurement/",
    "tests/cli/",
)


class ModuleScheduling(LoadScopeScheduling):
    """Gives a process whole modules, and all modules of one server together."""

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(nodeid)


def piece_of(nodeid: str) -> str:
    """Return the piece of work that a test belongs to."""
    module = nodeid.split("::", 1)[0]
    return SHARED_SERVER if module.startswith(SHARED_SERVER) else module


def start_rank(nodeid: str) -> int:
    """Return when a test's piece starts: the place of its room among the long ones."""
    places = (place for place, room in enumerate(LONG) if nodeid.startswith(room))
    return next(places, len(LONG))


def worker_count() -> int:
    """Return one process a core, up to a few, since each takes memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return min(MOST_WORKERS, cores or os.cpu_count() or 1)
