"""Torch has as many threads afterwards as before, and one in a forked process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from threading import Barrier, Thread

import pytest
import torch

from depthviz.machine.switches.precision import full_precision
from depthviz.machine.switches.threads import is_forked, torch_threads, usual_threads
from depthviz.neighbors import nearest_neighbors

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def _three() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def test_the_number_is_put_back_from_the_inside_out() -> None:
    with torch_threads(2):
        with torch_threads(1):
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
    assert torch.get_num_threads() == 3


def number_in_a_new_thread() -> int:
    seen: list[int] = []
    thread = Thread(target=lambda: seen.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    return seen[0]


def test_of_two_threads_the_last_puts_back_what_was_before_the_first() -> None:
    """A new thread takes the number of the process, which the first had set."""
    begun, ended = Barrier(2, timeout=20), Barrier(2, timeout=20)

    def late() -> None:
        with torch_threads(1):
            begun.wait()
            ended.wait()

    with torch_threads(1):
        thread = Thread(target=late)
        thread.start()
        begun.wait()
    ended.wait()
    thread.join()
    assert torch.get_num_threads() == 3
    assert number_in_a_new_thread() == 3


def status_of_a_fork(work: Callable[[], bool]) -> int:
    """Run in a forked process, ended after 20 s; 0 where the work returns True."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(20)
        os._exit(0 if work() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


needs_fork = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="processes are not forked here"
)


@needs_fork
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_search_works_in_a_process_forked_after_torch_had_threads() -> None:
    rows = torch.rand(700, 96, generator=torch.Generator().manual_seed(0))
    want = nearest_neighbors(rows, rows, k=5)
    assert (rows @ rows.T).isfinite().all()  # starts torch's own threads

    def work() -> bool:
        found = nearest_neighbors(rows, rows, k=5)
        return is_forked() and torch.equal(found.index, want.index)

    assert status_of_a_fork(work) == 0
    assert not is_forked()


@needs_fork
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_what_other_threads_had_is_forgotten_in_a_forked_process() -> None:
    matmul = torch.backends.mkldnn.matmul  # type: ignore[attr-defined]
    before, matmul.fp32_precision = matmul.fp32_precision, "bf16"
    begun, ended = Barrier(2, timeout=20), Barrier(2, timeout=20)

    def hold() -> None:
        with full_precision(CPU), torch_threads(1):
            begun.wait()
            ended.wait()

    def work() -> bool:
        with full_precision(CPU):
            pass
        return bool(matmul.fp32_precision == "bf16")

    thread = Thread(target=hold)
    thread.start()
    begun.wait()
    try:
        assert status_of_a_fork(work) == 0
    finally:
        ended.wait()
        thread.join()
        matmul.fp32_precision = before


def test_a_new_thread_does_not_count_what_another_has_set_for_a_while() -> None:
    seen: list[int] = []

    def work() -> None:
        seen.extend((usual_threads(), torch.get_num_threads()))

    with torch_threads(3):
        usual = usual_threads()
        thread = Thread(target=work)
        with torch_threads(1):
            thread.start()
            thread.join()
    assert usual == 3
    assert seen[0] == torch.get_num_threads()
