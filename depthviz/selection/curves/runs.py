"""The runs of a curve: what is to be trained, and the folder that keeps what was.

Each result is a small file, written whole or not at all. A run that was killed half way
goes on with what is missing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from depthviz.errors import FormatError, StudyError
from depthviz.machine.disk.failures import reading, writing
from depthviz.machine.files import write_atomically
from depthviz.machine.json_files import read_json_object
from depthviz.machine.paths import local_path

__all__ = ["Result", "Results", "Task"]

PLAN, ENDING = "plan.json", ".run.json"


@dataclass(frozen=True)
class Task:
    """One training.

    Attributes:
        method: Name of the selection in the curve.
        constant: Which of its constants, as text; "" where it has none.
        share: Share of the examples that is kept.
        seed: Of the selection and the training.
    """

    method: str
    constant: str
    share: float
    seed: int

    @property
    def name(self) -> str:
        """Name of the file of its result."""
        text = json.dumps([self.method, self.constant, self.share, self.seed])
        return sha256(text.encode()).hexdigest()[:24] + ENDING


@dataclass(frozen=True)
class Result:
    """What a training came to.

    Attributes:
        task: The training.
        kept: How many examples were kept.
        test: Accuracy on the test data.
        validation: Accuracy on the validation data; None where there are none.
        wrong: Share of the kept whose labels are known to be wrong; None where no label
            is.
        suspected: Share of the kept whose labels look wrong; None where nothing is
            known.
        seconds: How long it took.
    """

    task: Task
    kept: int
    test: float
    validation: float | None
    wrong: float | None
    suspected: float | None
    seconds: float


class Results:
    """Results by their tasks, in memory or in a folder.

    Args:
        path: The folder; None for memory alone.
        plan: What all runs of the folder must have in common.

    Raises:
        StudyError: If the folder holds runs of another plan; says what differs.
        FormatError: If a file in it is damaged.
    """

    def __init__(
        self, path: str | os.PathLike[str] | None, plan: Mapping[str, Any]
    ) -> None:
        self._folder = None if path is None else local_path(path).absolute()
        self._known: dict[Task, Result] = {}
        if self._folder is not None:
            with writing(self._folder):
                self._folder.mkdir(parents=True, exist_ok=True)
                self._agree(self._folder / PLAN, plan)
            self._read(self._folder)

    def get(self, task: Task) -> Result | None:
        """Find a result, or None."""
        return self._known.get(task)

    def put(self, result: Result) -> None:
        """Keep a result."""
        self._known[result.task] = result
        if self._folder is not None:
            path = self._folder / result.task.name
            with writing(path):
                write_atomically(path, json.dumps(asdict(result)) + "\n")

    def _agree(self, path: Path, plan: Mapping[str, Any]) -> None:
        """Write the plan, or compare it with the one that is there."""
        if not path.exists():
            write_atomically(path, json.dumps(plan, indent=1) + "\n")
            return
        earlier = read_json_object(path)
        for name in sorted({*plan, *earlier}):
            if json.dumps(earlier.get(name)) != json.dumps(plan.get(name)):
                raise StudyError(
                    f"{path.parent} holds runs with {name}={earlier.get(name)!r}, and "
                    f"these have {plan.get(name)!r}: they make no curve together. Give "
                    "another path."
                )

    def _read(self, folder: Path) -> None:
        for path in sorted(folder.glob(f"*{ENDING}")):
            with reading(path):
                found = read_json_object(path)
            try:
                result = Result(**found | {"task": Task(**found["task"])})
            except (KeyError, TypeError):
                raise FormatError(
                    f"{path} is damaged; remove it, and it is made again."
                ) from None
            if result.task.name != path.name:
                raise FormatError(f"{path} bears another name than its run has.")
            self._known[result.task] = result
