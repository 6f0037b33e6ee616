"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.exchange.datalab import datalab_inputs as datalab_inputs
