"""A still picture of a view, drawn without a browser.

Reopened notebooks, GitHub and nbconvert have no kernel and run no script, and show this
in its place, so it is arranged as the Explorer is: findings, the first examples of the
grid, the map, the axis of probes. Small and quick rather than the same to the pixel.
A picture cannot follow the page's theme: it is light, with an edge of its own.
"""

from depthviz.widgets.still.drawing import draw_still

__all__ = ["draw_still"]
