"""The places that a network lists itself, as those of timm do in `feature_info`."""

from collections.abc import Iterator, Mapping

from torch import nn

from depthviz.embeddings.structure.places import Place
from depthviz.embeddings.structure.tree import Node
from depthviz.embeddings.tracing import Trace

__all__ = ["listed_places"]


def listed_places(nodes: dict[str, Node], core: str, seen: Trace) -> list[Place]:
    """Find the modules that a network names as its features, in run order.

    Args:
        nodes: The tree of the network.
        core: Path of the part that alone has parameters.
        seen: A forward pass of it.

    Returns:
        Places that see rows of examples; none where the network lists none.
    """
    found = {
        path: Place(path, nodes[path].calls[-1].end)
        for owner in dict.fromkeys(("", core))
        for path in _listed(owner, nodes[owner].module)
        if path in nodes and seen.rows(path) and not seen.is_logits(path)
    }
    return sorted(found.values(), key=lambda place: place.time)


def _listed(owner: str, module: nn.Module) -> Iterator[str]:
    info = getattr(module, "feature_info", None)
    entries = getattr(info, "info", info)
    for entry in entries if isinstance(entries, list | tuple) else ():
        name = entry.get("module") if isinstance(entry, Mapping) else None
        if isinstance(name, str):
            yield f"{owner}.{name}" if owner else name
