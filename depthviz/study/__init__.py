"""The study: everything that was measured, one row per example.

`measure` loads on first use (PEP 562): a study is opened, charted and shown without
torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from depthviz.study.container import Study, open_study
from depthviz.study.storage import FORMAT_VERSION

if TYPE_CHECKING:
    from depthviz.study.measurement import measure

__all__ = ["FORMAT_VERSION", "Study", "measure", "open_study"]


def __getattr__(name: str) -> object:
    if name == "measure":
        return import_module("depthviz.study.measurement").measure
    raise AttributeError(f"module 'depthviz.study' has no attribute {name!r}")
