"""Accuracy against the share of the examples that is kept, for several selections."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from typing import Any, Literal

import numpy as np

from depthviz.checks import whole_number
from depthviz.errors import ArgumentError, TaskError
from depthviz.machine.console import progress_bar
from depthviz.machine.executors import check_executor
from depthviz.selection.curves.curve import ALL, KeepCurve
from depthviz.selection.curves.runs import Result, Results, Task
from depthviz.selection.result import Selection

__all__ = ["keep_curve"]

Choose = Callable[[float, int], Selection]
Accuracy = float | Mapping[str, float]
EQUAL = ("iterations", "epochs")


def keep_curve(
    train: Callable[[Selection, int], Accuracy],
    selections: Mapping[str, Choose | Mapping[Any, Choose]],
    *,
    shares: Sequence[float],
    seeds: Sequence[int],
    equal: Literal["iterations", "epochs"] | None = None,
    path: str | os.PathLike[str] | None = None,
    costs: Mapping[str, float] | None = None,
    wrong: Iterable[Any] | None = None,
    executor: Executor | None = None,
    progress: bool = True,
) -> KeepCurve:
    """Train on what selections keep, and compare the accuracy share by share.

    All data are trained on, too, with each seed, as the line to compare with.

    Args:
        train: Called with a selection and a seed, it trains from the beginning and
            returns the accuracy on test data; or both, as `{"validation": …, "test":
            …}`. `SubsetTrainer` makes one.
        selections: By their names, functions of a share and a seed that return a
            selection, such as `lambda share, seed: dv.select(study, keep=share,
            method="random", seed=seed)`. A mapping of constants to such functions has
            its constant chosen for each share, by the accuracy on the validation data
            and never by that on the test data.
        shares: Shares of the examples that are kept, floats below 1.
        seeds: Each is that of a selection and of the training on it.
        equal: What is equal whatever is kept: "iterations", so that few examples are
            seen more often, or "epochs", so that they train for less time. By default
            what `train.equal` says. The ranking of methods hangs on it.
        path: Folder that keeps what is done; the same call goes on there. None keeps
            nothing.
        costs: By the names of selections, what the score costs, as a share of a full
            training.
        wrong: Ids of the examples whose labels are known to be wrong.
        executor: Trains in other processes or machines; None for this process.
        progress: Whether to show a bar.

    Returns:
        The curve: its table, and the differences from any of its methods.

    Raises:
        ArgumentError: If something is out of range, or a constant is to be chosen
            without validation data.
        StudyError: If the folder holds runs of another kind.
        TaskError: If a training in an executor fails; what is done is kept.
    """
    check_executor(executor)
    rule = equal if equal is not None else getattr(train, "equal", None)
    if rule not in EQUAL:
        raise ArgumentError(
            "equal must say what is equal whatever is kept, 'iterations' or 'epochs', "
            f"got {rule!r}."
        )
    chosen = _read_selections(selections)
    every = _Every(
        chosen,
        _read_shares(shares),
        _read_seeds(seeds),
        None if wrong is None else set(wrong),
    )
    plan = {"equal": rule, "training": _describe(train)}
    results = Results(path, plan)
    missing = [task for task in every.tasks if results.get(task) is None]
    with progress_bar(
        total=len(missing), desc="Curve", unit="training", show=progress
    ) as bar:
        for result in _run(train, every, missing, executor):
            _check_validation(result, chosen)
            results.put(result)
            bar.update()
    found = [one for one in map(results.get, every.tasks) if one is not None]
    for one in found:
        _check_validation(one, chosen)
    return KeepCurve.of(found, equal=rule, costs=_read_costs(costs, chosen))


class _Every:
    """All trainings of a curve, and the selection of each."""

    def __init__(
        self,
        chosen: Mapping[str, Mapping[str, Choose]],
        shares: list[float],
        seeds: list[int],
        wrong: set[Any] | None,
    ) -> None:
        self._chosen, self._wrong = chosen, wrong
        first = next(iter(chosen))
        self._first = Task(first, next(iter(chosen[first])), shares[0], seeds[0])
        self.tasks = [Task(ALL, "", 1.0, seed) for seed in seeds]
        self.tasks += [
            Task(name, constant, share, seed)
            for share in shares
            for name, constants in chosen.items()
            for constant in constants
            for seed in seeds
        ]

    def selection(self, task: Task) -> Selection:
        """Make the selection of a task."""
        if task.method == ALL:
            table = self.selection(self._first).candidates
            rows = np.arange(len(table))
            return Selection(table, rows, np.ones(len(rows)), method="everything")
        found = self._chosen[task.method][task.constant](task.share, task.seed)
        if not isinstance(found, Selection):
            raise ArgumentError(
                f"The function of {task.method!r} must return a selection, as "
                f"dv.select does, got {type(found).__name__}."
            )
        return found

    def result(
        self, task: Task, kept: Selection, accuracy: Any, seconds: float
    ) -> Result:
        """Read what a training returned."""
        both = accuracy if isinstance(accuracy, Mapping) else {"test": accuracy}
        test, validation = both.get("test"), both.get("validation")
        if test is None or not 0 <= float(test) <= 1:
            raise ArgumentError(
                "train must return an accuracy in [0, 1], or {'validation': …, 'test': "
                f"…}}, got {accuracy!r}."
            )
        wrong = None
        if self._wrong is not None:
            wrong = float(np.mean([each in self._wrong for each in kept.ids]))
        looks = None if np.isnan(kept.suspected) else kept.suspected
        known = None if validation is None else float(validation)
        return Result(task, len(kept), float(test), known, wrong, looks, seconds)


def _run(
    train: Callable[[Selection, int], Accuracy],
    every: _Every,
    tasks: list[Task],
    executor: Executor | None,
) -> Iterator[Result]:
    """Train, and give each result as soon as it is there."""
    if executor is None:
        for task in tasks:
            kept = every.selection(task)
            yield every.result(task, kept, *_timed(train, kept, task.seed))
        return
    waiting = {}
    for task in tasks:
        kept = every.selection(task)
        waiting[executor.submit(_timed, train, kept, task.seed)] = task, kept
    failed: TaskError | None = None
    try:
        for done in as_completed(waiting):
            task, kept = waiting[done]
            if done.cancelled():
                continue
            if error := done.exception():
                failed = failed or _failure(task, error)
                for future in waiting:  # those that run come to their end, and count
                    future.cancel()
                continue
            yield every.result(task, kept, *done.result())
    finally:
        for future in waiting:
            future.cancel()
    if failed is not None:
        raise failed


def _failure(task: Task, error: BaseException) -> TaskError:
    failure = TaskError(
        f"The training of {task.method!r} with {task.share:.0%} kept and seed "
        f"{task.seed} failed: {error}"
    )
    failure.__cause__ = error
    return failure


def _timed(
    train: Callable[[Selection, int], Accuracy], kept: Selection, seed: int
) -> tuple[Accuracy, float]:
    start = time.perf_counter()
    accuracy = train(kept, seed)
    return accuracy, time.perf_counter() - start


def _read_selections(
    selections: Mapping[str, Choose | Mapping[Any, Choose]],
) -> dict[str, dict[str, Choose]]:
    found = {}
    for name, given in selections.items():
        constants = given if isinstance(given, Mapping) else {"": given}
        if name == ALL or not constants or not all(map(callable, constants.values())):
            raise ArgumentError(
                f"selections[{name!r}] must be a function of a share and a seed, or a "
                f"mapping of constants to such functions; {ALL!r} is there anyway."
            )
        found[str(name)] = {str(each): choose for each, choose in constants.items()}
    if not found:
        raise ArgumentError("selections has none; give at least one, such as 'random'.")
    return found


def _read_shares(shares: Sequence[float]) -> list[float]:
    found = [float(each) for each in shares]
    whole = any(isinstance(each, (int, np.integer)) for each in shares)
    if whole or not found or not all(0 < each < 1 for each in found):
        raise ArgumentError(
            "shares are floats above 0 and below 1 that are kept, such as [0.1, 0.5], "
            f"got {shares!r}; all data are trained on anyway."
        )
    return _once("shares", found)


def _read_seeds(seeds: Sequence[int]) -> list[int]:
    found = [whole_number("a seed", each, least=0) for each in seeds]
    if not found:
        raise ArgumentError("seeds has none; three or more give intervals.")
    return _once("seeds", found)


def _once(name: str, values: list[Any]) -> list[Any]:
    if len(set(values)) < len(values):
        raise ArgumentError(f"{name} holds a value twice: {values!r}.")
    return values


def _read_costs(
    costs: Mapping[str, float] | None, chosen: Mapping[str, Any]
) -> dict[str, float]:
    for name in costs or {}:
        if name not in chosen:
            raise ArgumentError(
                f"costs names {name!r}, which is none of the selections: "
                f"{', '.join(map(repr, chosen))}."
            )
    return {name: float(cost) for name, cost in (costs or {}).items()}


def _check_validation(
    result: Result, chosen: Mapping[str, Mapping[str, Choose]]
) -> None:
    """Refuse to choose a constant by anything but validation data."""
    name = result.task.method
    if len(chosen.get(name, ())) > 1 and result.validation is None:
        raise ArgumentError(
            f"The constant of {name!r} is chosen on validation data, so train must "
            "return {'validation': …, 'test': …}; it returned one accuracy."
        )


def _describe(train: Any) -> Any:
    """Say what is known of the training, to compare with that of an earlier run."""
    describe = getattr(train, "describe", None)
    return describe() if callable(describe) else "a function"
