"""A run in a process of its own, looked at many times a second.

`python watched.py RESULT CODE` runs CODE and writes RESULT as JSON: seconds by the
clock and of the processor, and what share of the time of all busy threads each stage
took. It imports nothing of this project itself, so that CODE may be that of another
checkout.
"""

import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

PERIOD = 0.01  # seconds
# The innermost frame that is of a stage decides.
STAGES = {
    "/numba/": "compilation",
    "/llvmlite/": "compilation",
    "<frozen importlib": "imports",
    "depthviz/training/record/": "predictions and record",
    "depthviz/training/": "training",
    "depthviz/ensembles/member_training.py": "predictions and record",
    "depthviz/difficulty/margins.py": "margins",
    "depthviz/measurement/map_ranks.py": "maps",
    "depthviz/measurement/maps.py": "maps",
    "depthviz/projections/": "maps",
    "/umap/": "maps",
    "/pynndescent/": "maps",
    "depthviz/neighbors/": "search",
    "depthviz/embeddings/": "forward",
    "depthviz/measurement/forward.py": "forward",
    "depthviz/datasets/": "data",
    "/zarr/": "writing",
    "depthviz/reports/": "report",
    "depthviz/charts/": "report",
    "depthviz/widgets/": "report",
}
# A thread that stands here waits for others.
IDLE = ("/threading.py", "/concurrent/futures/", "/queue.py", "/selectors.py")


class Watch:
    """Looks at all threads until the context ends."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._start = (time.perf_counter(), time.process_time())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        now = (time.perf_counter(), time.process_time())
        self._over.set()
        self._thread.join()
        self.seconds, self.cpu = (b - a for a, b in zip(self._start, now, strict=True))

    def facts(self) -> dict[str, Any]:
        """Give seconds, processor seconds and the share of each stage."""
        total = sum(self._seen.values()) or 1
        shares = {name: count / total for name, count in self._seen.most_common()}
        return {"seconds": self.seconds, "cpu": self.cpu, "shares": shares}

    def _look(self) -> None:
        own = threading.get_ident()
        while not self._over.wait(PERIOD):
            for thread, frame in sys._current_frames().items():
                if thread != own and not _is_idle(frame):
                    self._seen[_stage(frame)] += 1


def _is_idle(frame: FrameType) -> bool:
    return any(part in frame.f_code.co_filename for part in IDLE)


def _stage(frame: FrameType | None) -> str:
    while frame is not None:
        name = frame.f_code.co_filename.replace("\\", "/")
        for part, stage in STAGES.items():
            if part in name:
                return stage
        frame = frame.f_back
    return "other"


def main() -> None:
    """Run code and write down where its time went."""
    target, code = sys.argv[1:]
    names: dict[str, Any] = {"__name__": "__main__", "Watch": Watch}
    with Watch() as watch:
        exec(code, names)
    inner = names.get("watch", watch)
    Path(target).write_text(json.dumps(inner.facts()))


if __name__ == "__main__":
    main()
