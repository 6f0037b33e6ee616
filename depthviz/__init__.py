"""Example difficulty in deep networks: which examples are hard, and at which layer.

Names load on first use (PEP 562), so that `import depthviz` takes milliseconds although
torch takes seconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from depthviz.version import __version__

if TYPE_CHECKING:
    from depthviz.ensembles import Ensemble, accuracy_by_group, best_probe
    from depthviz.measurement import measure
    from depthviz.reports import report
    from depthviz.study import Study, convention_sensitivity, open_study
    from depthviz.training import Recipe, Recorder
    from depthviz.widgets import (
        ExampleGrid,
        Explorer,
        GroupFilter,
        Histogram,
        Inspector,
        ProbeMap,
        explore,
    )

__all__ = [
    "Ensemble",
    "ExampleGrid",
    "Explorer",
    "GroupFilter",
    "Histogram",
    "Inspector",
    "ProbeMap",
    "Recipe",
    "Recorder",
    "Study",
    "__version__",
    "accuracy_by_group",
    "best_probe",
    "convention_sensitivity",
    "explore",
    "measure",
    "open_study",
    "report",
]

_HOMES = {
    "Ensemble": "depthviz.ensembles",
    "Explorer": "depthviz.widgets",
    "ExampleGrid": "depthviz.widgets",
    "GroupFilter": "depthviz.widgets",
    "Histogram": "depthviz.widgets",
    "Inspector": "depthviz.widgets",
    "ProbeMap": "depthviz.widgets",
    "Recipe": "depthviz.training",
    "Recorder": "depthviz.training",
    "Study": "depthviz.study",
    "accuracy_by_group": "depthviz.ensembles",
    "best_probe": "depthviz.ensembles",
    "convention_sensitivity": "depthviz.study",
    "explore": "depthviz.widgets",
    "measure": "depthviz.measurement",
    "open_study": "depthviz.study",
    "report": "depthviz.reports",
}
_SUBPACKAGES = {
    "datasets",
    "difficulty",
    "embeddings",
    "ensembles",
    "errors",
    "measurement",
    "models",
    "neighbors",
    "probes",
    "projections",
    "reports",
    "study",
    "training",
    "widgets",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _SUBPACKAGES:
        return import_module(f"depthviz.{name}")
    raise AttributeError(f"module 'depthviz' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *_SUBPACKAGES})
