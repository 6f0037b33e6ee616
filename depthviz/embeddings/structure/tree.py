"""The modules of a network as a tree, with what of it ran.

A shared module stands at its first place. A list of modules is never called itself: it
counts as one call, from the first call inside it to the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from torch import nn

from depthviz.embeddings.calls import Call, Shape
from depthviz.embeddings.tracing import Trace

__all__ = ["CONTAINERS", "Node", "build_tree"]

CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)


@dataclass(eq=False)
class Node:
    """A module in its place.

    Attributes:
        path: Dotted; "" is the network.
        module: The module.
        children: By name, each in its first place.
        weights: Parameters in the module that are matrices or larger.
        trained: Whether anything in it has parameters.
        calls: Those of the module; one that spans its parts where it was not called.
        called: Whether the module itself was called.
        last: The part in it that returned last, itself where it was called.
    """

    path: str
    module: nn.Module
    children: dict[str, Node] = field(default_factory=dict)
    weights: int = 0
    trained: bool = False
    calls: list[Call] = field(default_factory=list)
    called: bool = False
    last: Node | None = None

    @property
    def ran(self) -> bool:
        """Whether it, or a part of it, ran."""
        return bool(self.calls)

    @property
    def gives(self) -> Shape | None:
        """Shape of what it, or the last part in it, returned last."""
        return self.last.calls[-1].gives if self.last else None

    @property
    def called_from_around(self) -> bool:
        """Whether only what it lies in calls it: what blocks share is none of them."""
        return all(
            not call.caller or f"{self.path}.".startswith(f"{call.caller}.")
            for call in self.calls
        )

    def walk(self) -> Iterator[Node]:
        """List itself and what is inside, the outer first."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children.values()))


def build_tree(network: nn.Module, seen: Trace) -> dict[str, Node]:
    """Build the tree of a network.

    Args:
        network: Network without wrapper.
        seen: A forward pass of it.

    Returns:
        Nodes by path, the network's own first, each before its children.
    """
    nodes: dict[str, Node] = {}
    for path, module in network.named_modules():
        nodes[path] = Node(path, module)
        parent, _, name = path.rpartition(".")
        if path:
            nodes[parent].children[name] = nodes[path]
    for node in reversed(nodes.values()):
        _complete(node, seen)
    return nodes


def _complete(node: Node, seen: Trace) -> None:
    """Fill in what depends on the children, which are complete."""
    own = [each for each in node.module._parameters.values() if each is not None]
    children = list(node.children.values())
    matrices = sum(sum(side > 1 for side in each.shape) > 1 for each in own)
    node.weights = matrices + sum(child.weights for child in children)
    node.trained = bool(own) or any(child.trained for child in children)
    node.calls = seen.calls.get(node.path, [])
    node.called = bool(node.calls)
    if node.called:
        node.last = node
        return
    ran = [child for child in children if child.ran]
    if ran:
        node.calls = [_span([call for child in ran for call in child.calls])]
        node.last = max(ran, key=lambda child: child.calls[-1].end).last


def _span(calls: list[Call]) -> Call:
    """Make one call of several."""
    first, last = min(calls), max(calls, key=lambda call: call.end)
    return first._replace(end=last.end, made=last.made, gives=last.gives)
