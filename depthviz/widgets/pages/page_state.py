"""What an offline page knows of its study and of named views, besides the data.

A page keeps views and links by the study that they are of, since all pages of a disk
share one storage. Named views go along where they are small.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from depthviz.errors import DepthvizError
from depthviz.study import Study
from depthviz.study.storage.saved_views import read_views
from depthviz.widgets.payload.pack import Pack
from depthviz.widgets.ui_state import followed_state, initial_state

__all__ = ["carried_views", "link_to", "study_digest"]

_MOST_BYTES = 64_000


def study_digest(pack: Pack) -> str:
    """Digest what a link or a kept view must fit: ids, classes and probes."""
    names = [pack.manifest["classes"], pack.manifest["probes"]]
    ids = pack.chunks["column/example_id"]
    return hashlib.sha256(ids + json.dumps(names).encode()).hexdigest()[:16]


def link_to(
    digest: str, state: Mapping[str, Any], selection: Sequence[int] = ()
) -> str:
    """Write the address, within a page, of a view of its Explorer.

    Args:
        digest: What the link must fit, as `study_digest` tells.
        state: Filters, probe, color and sort; what is not told stays as it is.
        selection: Positions of the selected examples.

    Returns:
        A fragment, as the page itself writes them.
    """
    kept = {"filters": {}, "selected_only": bool(selection), **state}
    content = {"study": digest, "state": kept, "selection": list(selection)}
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return f"#dv={base64.b64encode(text.encode()).decode()}"


def carried_views(study: Study, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Find the named views that a page takes along.

    Args:
        study: The study.
        manifest: Its manifest.

    Returns:
        State and selection of each, the latter by the positions of the examples; those
        that take more than 64,000 bytes together are left out, and all of them where
        they cannot be read.
    """
    try:
        views = read_views(study.dataset)
    except (DepthvizError, OSError):
        return {}
    ids = study.frame().index.astype(str)
    carried: dict[str, Any] = {}
    left = _MOST_BYTES
    for name, view in views.items():
        kept = view.get("selection")
        selected = ids.isin(list(map(str, kept)) if isinstance(kept, list) else [])
        state = followed_state(view.get("state"), manifest)
        entry = {
            "state": {**initial_state(manifest), **state},
            "selection": np.flatnonzero(selected).tolist(),
        }
        size = len(json.dumps([name, entry]))
        if size <= left:
            carried[name] = entry
            left -= size
    return carried
