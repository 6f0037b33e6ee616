"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.widgets.explorer import Explorer as Explorer
from depthviz.widgets.explorer import explore as explore
from depthviz.widgets.single_views import ExampleGrid as ExampleGrid
from depthviz.widgets.single_views import GroupFilter as GroupFilter
from depthviz.widgets.single_views import Histogram as Histogram
from depthviz.widgets.single_views import Inspector as Inspector
from depthviz.widgets.single_views import ProbeMap as ProbeMap
