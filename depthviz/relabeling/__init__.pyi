"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.relabeling.precision import Precision as Precision
from depthviz.relabeling.proposals import Relabeling as Relabeling
from depthviz.relabeling.proposals import relabel as relabel
