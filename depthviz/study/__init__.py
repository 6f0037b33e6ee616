"""The study: everything that was measured, one row per example.

What measures or counts again loads on first use (PEP 562): a study is opened, charted
and shown without torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from depthviz.study.container import Study, open_study
from depthviz.study.conventions.definition import Conventions
from depthviz.study.storage.zarr_folder import FORMAT_VERSION

if TYPE_CHECKING:
    from depthviz.study.conventions.presets import PRESETS, Preset
    from depthviz.study.conventions.recount import Recount
    from depthviz.study.conventions.sensitivity import convention_sensitivity

__all__ = [
    "FORMAT_VERSION",
    "PRESETS",
    "Conventions",
    "Preset",
    "Recount",
    "Study",
    "convention_sensitivity",
    "open_study",
]

_HOMES = {
    "PRESETS": "presets",
    "Preset": "presets",
    "Recount": "recount",
    "convention_sensitivity": "sensitivity",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        home = import_module(f"depthviz.study.conventions.{_HOMES[name]}")
        return getattr(home, name)
    raise AttributeError(f"module 'depthviz.study' has no attribute {name!r}")
