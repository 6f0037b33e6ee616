"""Executors that run in this thread, in an order that a test chooses."""

import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class Inline(Executor):
    """Runs a task when it is submitted, from its pickle as another process would."""

    def __init__(self, workers: int | None = None) -> None:
        if workers is not None:
            self._max_workers = workers
        self.sizes: list[int] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        pickled = pickle.dumps((fn, args))
        self.sizes.append(len(pickled))
        call, arguments = pickle.loads(pickled)
        try:
            future.set_result(call(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


class Newest(Executor):
    """Runs nothing until it is waited for, and then the task that came last."""

    def __init__(self, workers: int) -> None:
        self._max_workers = workers
        self.calls: dict[Future[Any], Callable[[], Any]] = {}
        self.most = self.ran = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.calls[future] = lambda: fn(*args)
        self.most = max(self.most, len(self.calls))
        return future

    def wait(self, futures: Any, return_when: str) -> Any:
        future = list(futures)[-1]
        future.set_result(self.calls.pop(future)())
        self.ran += 1
        return type("Waited", (), {"done": {future}})
