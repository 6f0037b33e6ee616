"""Where the probes of a network stand, found by its structure.

The places of the paper's networks come first, then the blocks of stacks, then those
that the network lists itself, and at last its top-level modules. All is read from the
forward pass that has been traced already.
"""

from torch import nn

from depthviz.datasets.nested import Nest
from depthviz.embeddings.probe import Probe
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.structure.blocks import Nodes, top_level, with_ends
from depthviz.embeddings.structure.listed import listed_places
from depthviz.embeddings.structure.naming import named_probes
from depthviz.embeddings.structure.paper import (
    chained_convolutions,
    core_of,
    paper_probes,
)
from depthviz.embeddings.structure.places import Place
from depthviz.embeddings.structure.pools import choose_pools
from depthviz.embeddings.structure.stacks import (
    BLOCK,
    LAYER,
    find_stacks,
    stacked_places,
)
from depthviz.embeddings.structure.tree import build_tree
from depthviz.embeddings.structure.wanted import (
    Wanted,
    check_wanted,
    chosen_by,
    thinned,
)
from depthviz.embeddings.tracing import Trace

__all__ = [
    "Wanted",
    "automatic_probes",
    "check_wanted",
    "choose_pools",
    "chosen_by",
    "thinned",
]


def automatic_probes(
    network: nn.Module,
    batch: Nest,
    seen: Trace,
    *,
    wanted: Wanted = "auto",
    call: Forward | None = None,
) -> list[Probe]:
    """Find the probes between the input and the softmax that see rows of examples.

    Args:
        network: Network in evaluation mode, without wrapper.
        batch: A small batch, shape `(B, …)`, or a nest of such.
        seen: The forward pass of that batch.
        wanted: "auto" and "blocks" find the blocks, "stages" the last block of each
            shape, or what the network lists itself; a number as many of the blocks.
        call: Calls the network, in place of the usual way.

    Returns:
        Probes in the network's order, before any are thinned out.
    """
    nodes = build_tree(network, seen)
    found = paper_probes(network, batch, seen, call)
    if found is None:
        if wanted == "stages":
            listed = listed_places(nodes, core_of(network), seen)
            if listed:
                return named_probes(listed)
        found = _chain(network, nodes, seen, batch)
    if found is None:
        found = named_probes(_places(nodes, core_of(network), seen, batch))
    first_path = {id(node.module): path for path, node in nodes.items()}

    def sees_rows(probe: Probe) -> bool:
        module = network.get_submodule(str(probe.module))
        path = first_path[id(module)]
        return seen.rows(path, probe.call, into=probe.at == "input") or (
            probe.at == "input" and len(seen.calls.get(path, [])) > 1
        )

    kept = list(filter(sees_rows, found))
    return _stages(kept, seen) if wanted == "stages" else kept


def _chain(
    network: nn.Module, nodes: Nodes, seen: Trace, batch: Nest
) -> list[Probe] | None:
    """Take a VGG's convolutions, and what comes after them but dense layers."""
    chain = chained_convolutions(network)
    if chain is None or not nodes[chain[0]].called:
        return None
    path, found = chain
    if any(not stack.parent.path.startswith(path) for stack in find_stacks(nodes[""])):
        return None
    before, *after = with_ends(
        [Place(path, nodes[path].calls[-1].end)], nodes, seen, batch
    )
    if before.path != path:
        return None
    kinds = (nn.Linear, nn.modules.conv._ConvNd)
    kept = [
        place
        for place in after
        if nodes[place.path].trained and not _only(nodes[place.path].module, kinds)
    ]
    return [*found, *named_probes(kept)]


def _only(module: nn.Module, kinds: tuple[type[nn.Module], ...]) -> bool:
    """Whether all parts of a module with parameters are of some kinds."""
    return all(isinstance(part, kinds) for part in module.modules() if part._parameters)


def _places(nodes: Nodes, core: str, seen: Trace, batch: Nest) -> list[Place]:
    """Take blocks of stacks, or a network's own list, or its top-level modules."""
    top = top_level(nodes[core], seen, batch)
    large = [place for place in top if nodes[place.path].weights >= BLOCK]
    blocks = stacked_places(find_stacks(nodes[""]), seen)
    stacked = with_ends(blocks, nodes, seen, batch) if blocks else []
    listed = listed_places(nodes, core, seen)
    if blocks and len(stacked) >= len(large):
        return max(stacked, listed, key=len)
    if len(listed) > len(top):
        return listed
    layers = stacked_places(find_stacks(nodes[""], weights=LAYER), seen)
    return with_ends(layers, nodes, seen, batch) if len(layers) > len(top) else top


def _stages(probes: list[Probe], seen: Trace) -> list[Probe]:
    """Take the last of each run of probes of one shape; all where the shape is one."""
    shapes = [
        seen.shape(str(each.module), each.call, into=each.at == "input")
        for each in probes
    ]
    last = [
        each
        for each, shape, after in zip(probes, shapes, [*shapes[1:], None], strict=True)
        if shape != after
    ]
    return last if len(last) > 1 else probes
