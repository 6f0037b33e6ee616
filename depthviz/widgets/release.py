"""Views that a notebook shows no more are closed, and give their memory back.

ipywidgets keeps a widget until it is closed, and IPython what a cell returned, so that
a cell which opens a study would keep one more each time it is run. A view is closed
when the cell that displayed it has run again without it, or when the page reports that
the last place which showed it is gone; of the latter, one is kept open, since undo
brings a deleted cell back.

A view that another widget holds, as a box does, stays open, and one that is displayed
into an Output widget is that widget's. What is closed stays usable from Python, and
opens again where it is displayed.
"""

from __future__ import annotations

from typing import Any, Protocol
from weakref import WeakSet, ref

from IPython.core.getipython import get_ipython
from ipywidgets import Box, Output
from ipywidgets.widgets import widget as ipywidgets_registry

__all__ = ["note_displayed", "note_gone", "note_seen"]

_EXECUTION = "execute_request"
_LAST_RESULTS = ("_", "__", "___")


class View(Protocol):
    """A widget, as far as it is known here."""

    def close(self) -> None:
        """Close it and whatever shows it."""


class Cells:
    """Which views each cell displayed when it last ran.

    Args:
        shell: The kernel's shell, whose cells they are.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._now: WeakSet[View] = WeakSet()
        self._shown: dict[str, WeakSet[View]] = {}
        shell.events.register("post_run_cell", self.finish_cell)

    def add(self, view: View) -> None:
        """Note a view that the cell which runs now displays."""
        kind = self._shell.get_parent().get("header", {}).get("msg_type")
        if kind == _EXECUTION and not _is_captured():
            self._now.add(view)

    def finish_cell(self, result: Any) -> None:
        """Close what the cell displayed when it ran before, and displays no more."""
        if result.info.silent:
            return
        # A host that does not name its cells sends the same text when one runs again.
        cell = result.info.cell_id or result.info.raw_cell
        before = self._shown.pop(cell, WeakSet())
        if self._now:
            self._shown[cell] = self._now
        self._now = WeakSet()
        for view in before:
            if not any(view in others for others in self._shown.values()):
                self.let_go(view)

    def let_go(self, view: View) -> None:
        """Close a view, and drop what IPython keeps of it as the results of cells."""
        if _is_held(view):
            return
        view.close()
        for names in (*self._shell.all_ns_refs, self._shell.user_ns.get("Out", {})):
            for name in [name for name, value in names.items() if value is view]:
                if isinstance(name, int) or _is_result(name):
                    del names[name]
        hook = self._shell.displayhook
        for name in _LAST_RESULTS:
            if getattr(hook, name, None) is view:
                setattr(hook, name, "")


class Displayed:
    """What one kernel displays: the cells, and the view that was last gone."""

    def __init__(self) -> None:
        self._cells: Cells | None = None
        self._gone: ref[View] | None = None

    @property
    def cells(self) -> Cells | None:
        """The cells of the notebook that runs this code; None where there is none."""
        shell = get_ipython()
        if self._cells is None and hasattr(shell, "get_parent"):
            self._cells = Cells(shell)
        return self._cells

    def see(self, view: View) -> None:
        """Forget that a view was gone."""
        if self._last_gone() is view:
            self._gone = None

    def miss(self, view: View) -> None:
        """Note that a view is gone, and close the one that was gone before."""
        before = self._last_gone()
        self._gone = ref(view)
        if before is None or before is view:
            return
        cells = self.cells
        if cells is not None:
            cells.let_go(before)
        elif not _is_held(before):
            before.close()

    def _last_gone(self) -> View | None:
        return None if self._gone is None else self._gone()


_displayed = Displayed()


def note_displayed(view: View) -> None:
    """Note that the cell which runs now displays a view, where there are cells."""
    cells = _displayed.cells
    if cells is not None:
        cells.add(view)
    _displayed.see(view)


def note_gone(view: View) -> None:
    """Note that no place of the page shows a view, and close the one before it."""
    _displayed.miss(view)


def note_seen(view: View) -> None:
    """Note that a view which was gone is shown again, as after undo."""
    _displayed.see(view)


def _is_held(view: View) -> bool:
    """Whether a box has the view among its children, wherever that is shown."""
    return any(
        view in each.children for each in _open_widgets() if isinstance(each, Box)
    )


def _is_captured() -> bool:
    """Whether an Output widget takes what is displayed now."""
    return any(isinstance(each, Output) and each.msg_id for each in _open_widgets())


def _open_widgets() -> list[Any]:
    return list(ipywidgets_registry._instances.values())


def _is_result(name: str) -> bool:
    """Whether it is a name that IPython gives to what a cell returned."""
    return name in _LAST_RESULTS or (name[:1] == "_" and name[1:].isdigit())
