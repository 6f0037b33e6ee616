"""A thread stops when another says so, where it looks."""

from threading import Event

import numpy as np
import pytest

from depthviz.machine.switches.stopping import check_stopped, stopped_by
from depthviz.neighbors.compiled import share_rows


def test_work_stops_once_the_event_is_set_and_no_later_work_does() -> None:
    event = Event()
    with stopped_by(event):
        check_stopped()
        event.set()
        with pytest.raises(KeyboardInterrupt):
            check_stopped()
    check_stopped()


def test_a_search_looks_before_its_rows() -> None:
    event, rows = Event(), np.zeros(40)

    def mark(array: np.ndarray, start: int, end: int) -> None:
        array[start:end] = 1

    event.set()
    with stopped_by(event), pytest.raises(KeyboardInterrupt):
        share_rows(mark, rows, rows=slice(0, 40))
    assert not rows.any()
    share_rows(mark, rows, rows=slice(0, 40))
    assert rows.all()
