"""The probes of a network of any kind: its blocks, what runs before and what after.

Blocks are those of its stacks. The stem is the last module with parameters before the
first block. After the last block stand the outer modules that change something and are
no norm, up to the logits. Without stacks the top-level modules are taken.
"""

from collections.abc import Callable, Iterator
from math import prod

from depthviz.datasets.nested import Nest
from depthviz.embeddings.structure.paper import NORMS, PASS
from depthviz.embeddings.structure.places import Place
from depthviz.embeddings.structure.tree import Node
from depthviz.embeddings.tracing import Trace

__all__ = ["Nodes", "top_level", "with_ends"]

Nodes = dict[str, Node]


def top_level(core: Node, seen: Trace, batch: Nest) -> list[Place]:
    """Take the top-level blocks that change something, in the order they ran.

    A Flatten of the input would be the input's probe once more.
    """
    kept: list[Place] = []
    for node in sorted(_outermost(core, seen), key=_end):
        if seen.is_logits(node.path) or (kept and seen.same(node.path, kept[-1].path)):
            continue
        if not kept and seen.repeats(node.path, batch):
            continue
        kept.append(Place(node.path, _end(node)))
    return kept


def with_ends(
    blocks: list[Place], nodes: Nodes, seen: Trace, batch: Nest
) -> list[Place]:
    """Put the stem before blocks, and what is left of the network after them.

    Args:
        blocks: Places in run order, at least one.
        nodes: The tree of the network.
        seen: The forward pass of a batch.
        batch: That batch.

    Returns:
        Places in run order.
    """
    inner = [block for block in blocks if not seen.is_logits(block.path)]
    return [*_stem(blocks, nodes, seen, batch), *inner, *_rest(blocks, nodes, seen)]


def _outermost(
    part: Node, seen: Trace, take: Callable[[Node], bool] = lambda _: True
) -> Iterator[Node]:
    for child in part.children.values():
        if not child.called_from_around or not take(child):
            continue
        if seen.rows(child.path):
            yield child
        elif not child.called or child.path in seen.others:
            yield from _outermost(child, seen, take)


def _end(node: Node) -> int:
    return node.calls[-1].end


def _stem(blocks: list[Place], nodes: Nodes, seen: Trace, batch: Nest) -> list[Place]:
    start = min(_begin(blocks[0], nodes), *_stage_starts(blocks, nodes))
    before = [
        node
        for node in nodes.values()
        if node.called and node.trained and _end(node) < start and seen.rows(node.path)
    ]
    last = max(before, key=_end, default=None)
    if last is None or seen.repeats(last.path, batch) or seen.is_logits(last.path):
        return []
    return [Place(last.path, _end(last))]


def _stage_starts(blocks: list[Place], nodes: Nodes) -> Iterator[int]:
    """Find when stages around the first block start: others of their kind hold blocks.

    What runs in a stage before its first block is no stem.
    """
    holding = {path for block in blocks for path in _holders(block.path)}
    for path in (blocks[0].path, *_holders(blocks[0].path)):
        parent = nodes[path.rpartition(".")[0]]
        like = [
            child
            for child in parent.children.values()
            if child.path in holding and type(child.module) is type(nodes[path].module)
        ]
        yield nodes[path].calls[0].start if len(like) > 1 else blocks[0].time


def _begin(block: Place, nodes: Nodes) -> int:
    """When a block starts; the groups that a block without a module stands for too."""
    number = (block.call or 0) - 1
    return nodes[block.block or block.path].calls[number].start


def _rest(blocks: list[Place], nodes: Nodes, seen: Trace) -> list[Place]:
    holders = {path for block in blocks for path in _holders(block.path)}
    places = {block.path for block in blocks} | holders
    end = blocks[-1].time

    def comes_after(node: Node) -> bool:
        return node.path not in places and node.ran and node.calls[-1].start > end

    found = [
        node
        for path in holders
        for node in _outermost(nodes[path], seen, comes_after)
        if not _changes_little(node) and not _is_score(node, seen)
    ]
    kept: list[Place] = []
    for node in sorted(found, key=_end):
        before = kept[-1] if kept else blocks[-1]
        if before.at == "input" or not seen.same(node.path, before.path):
            kept.append(Place(node.path, _end(node)))
    return kept


def _holders(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition(".")[0]
        yield path


def _changes_little(node: Node) -> bool:
    """Whether a module is a norm, or passes on what it is given."""
    named = "norm" in type(node.module).__name__.lower() and node.weights == 0
    passes = any(call.made in call.given for call in node.calls)
    return named or passes or isinstance(node.module, NORMS + PASS)


def _is_score(node: Node, seen: Trace) -> bool:
    """Whether a module returns a number for each class, of examples or their parts."""
    shape, scores = node.gives or (1,), seen.logits
    return shape[-1] == scores.shape[1] or prod(shape) == scores.numel()
