"""A chart that follows a view: of what is selected there, else of what is shown.

It is Altair's own widget with a script that is part of it, so that it asks no other
host for one, and lets go of a drawing before it makes the next. A chart is drawn anew a
moment after the last change, since a lasso or a brush makes many.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Hashable
from functools import cache
from typing import Any

import altair as alt
import traitlets

from depthviz.charts.output.conversion import bundled
from depthviz.charts.output.showing import pictures
from depthviz.errors import DepthvizError
from depthviz.widgets.conversion import is_conversion
from depthviz.widgets.release import note_displayed

__all__ = ["LiveChart"]

WAIT = 0.15  # seconds without a change
MENU = {"export": True, "source": False, "compiled": False, "editor": False}
SCRIPT = """
async function render({ model, el }) {
  let shown;
  let turn = 0;
  const draw = async () => {
    const mine = ++turn;
    const place = document.createElement("div");
    const spec = structuredClone(model.get("spec"));
    const options = structuredClone(model.get("embed_options")) ?? {};
    const next = await vegaEmbed(place, spec, options).catch((error) => {
      place.textContent = String(error);
      return { finalize() {} };
    });
    if (mine !== turn) return next.finalize();
    shown?.finalize();
    shown = next;
    el.replaceChildren(place);
  };
  model.on("change:spec", draw);
  await draw();
  return () => {
    turn++;
    model.off("change:spec", draw);
    shown?.finalize();
  };
}
export default { render };
"""


class LiveChart(alt.JupyterChart):
    """A chart of what is selected in a view; `Explorer.chart` makes it.

    Args:
        draw: Draws the examples of now.
        part: What tells them from others.
        whole: Draws all examples.
        say: Draws why nothing can be drawn.
    """

    def __init__(
        self,
        draw: Callable[[], Any],
        part: Callable[[], Hashable],
        *,
        whole: Callable[[], Any],
        say: Callable[[str], Any],
    ) -> None:
        self._draw, self._part, self._say = draw, part, say
        self._timer: asyncio.TimerHandle | None = None
        self._drawn = part()
        self._esm = script()
        try:
            first = draw()
        except DepthvizError as error:
            whole()  # what is wrong with all examples is an error
            first = say(str(error))
        super().__init__(first, embed_options={"actions": MENU})
        self._own_layout = self.layout

    def follow(self) -> None:
        """Draw anew, a moment after the last change of the view."""
        if self.comm is None or self._part() == self._drawn:
            return
        loop = running_loop()
        if loop is None:  # outside a notebook nobody waits for more
            self.refresh()
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_later(WAIT, self.refresh)

    def refresh(self) -> None:
        """Draw what the view shows now."""
        self._timer = None
        part = self._part()
        if part == self._drawn:
            return
        self._drawn = part
        try:
            self.chart = self._draw()
        except DepthvizError as error:
            self.chart = self._say(str(error))

    def open(self) -> None:
        """Open the way to the browser, again where it was closed."""
        if self.comm is None and hasattr(self, "_own_layout"):
            self._own_layout.open()
        super().open()

    def close(self) -> None:
        """Close it wherever it is shown; it opens again where it is displayed."""
        if self.comm is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        super().close()
        self.__dict__.pop("_repr_mimebundle_", None)  # None, so that nothing shows it
        self._own_layout.close()

    @traitlets.observe("chart")
    def _on_change_chart(self, change: Any) -> None:
        """Write the chart for the page, by no setting of the person's."""
        written: Any = None if change["new"] is None else change["new"].to_dict()
        self.spec = written

    def _repr_mimebundle_(
        self, **kwargs: Any
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The widget, and pictures for where no kernel is."""
        self.open()
        self.refresh()
        note_displayed(self)
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        try:
            drawn, size = pictures(self.chart)
        except DepthvizError as error:  # the widget itself can be shown
            warnings.warn(f"No picture was drawn: {error}", stacklevel=2)
            return bundle  # type: ignore[no-any-return]
        if is_conversion():
            return {**drawn, "text/plain": repr(self)}, size
        return {**bundle[0], **drawn}, {**bundle[1], **size}


@cache
def script() -> str:
    """The script of the widget with all that it needs, without imports."""
    return bundled(SCRIPT)


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs this code, as in a kernel; None where there is none."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
