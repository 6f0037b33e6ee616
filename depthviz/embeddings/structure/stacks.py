"""Stacks of like blocks: where a network repeats itself, it has its depth.

Siblings in a list, or with numbers in their names, that ran one after another are a
stack; so is one module that ran several times. Siblings that got the very same tensors,
or run inside each other, are branches. Stages, whose outputs differ in shape and
which hold stacks of their own, are opened once, to their blocks; a block never is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from torch import nn

from depthviz.embeddings.calls import Call
from depthviz.embeddings.structure.places import Place
from depthviz.embeddings.structure.tree import CONTAINERS, Node
from depthviz.embeddings.tracing import Trace

__all__ = ["BLOCK", "LAYER", "find_stacks", "stacked_places"]

BLOCK, LAYER = 2, 1
"""A block has two weights or more; a layer has one."""

_MOST_STAGES = 10
_NUMBER = re.compile(r"\d+[a-z]?(?![a-z])")


class Stack(NamedTuple):
    """Like siblings that ran one after another.

    Attributes:
        parent: The module that holds them.
        members: In the order of their first calls.
    """

    parent: Node
    members: list[Node]


def find_stacks(node: Node, *, weights: int = BLOCK) -> list[Stack]:
    """Find the outermost stacks in a module.

    Args:
        node: The module.
        weights: Weights that a member has at least. Of layers, which have one, only
            lists are stacks: blocks number theirs.

    Returns:
        Stacks, none inside another.
    """
    found, waiting = [], [node]
    while waiting:
        parent = waiting.pop()
        stacks, rest = _split(parent, weights)
        found += stacks
        # What stands beside blocks is as large as they are: only lists are opened.
        waiting += [each for each in rest if not stacks or _is_list(each)]
    return found


def _inner_stacks(stage: Node) -> list[Stack]:
    """Find the stacks that a stage holds itself or in a list, never in a block."""
    found, waiting = [], [stage]
    while waiting:
        stacks, rest = _split(waiting.pop(), BLOCK)
        found += stacks
        waiting += filter(_is_list, rest)
    return found


def _is_list(node: Node) -> bool:
    return isinstance(node.module, CONTAINERS)


def _split(parent: Node, weights: int) -> tuple[list[Stack], list[Node]]:
    """Part the children that ran into stacks and the rest."""
    stacks = [
        Stack(parent, members)
        for members in map(_in_turn, _groups(parent, weights))
        if _repeats(members)
    ]
    inside = {member for stack in stacks for member in stack.members}
    children = parent.children.values()
    return stacks, [each for each in children if each.ran and each not in inside]


def stacked_places(stacks: Iterable[Stack], seen: Trace) -> list[Place]:
    """Find the places of blocks in stacks, in run order.

    Args:
        stacks: Those of a network.
        seen: The forward pass that shows which see rows of examples.

    Returns:
        One place a block and call; stages are opened.
    """
    found = [place for stack in stacks for place in _of_stack(stack, seen)]
    return sorted(found, key=lambda place: place.time)


def _groups(parent: Node, weights: int) -> Iterator[list[Node]]:
    """List the children that may make a stack."""
    fit = {
        name: child
        for name, child in parent.children.items()
        if child.ran
        and child.weights >= weights
        and not isinstance(child.module, nn.RNNCellBase)
        and child.called_from_around
    }
    if _is_list(parent):
        yield list(fit.values())
    elif weights > LAYER:
        patterns: dict[str, list[Node]] = {}
        for name, child in fit.items():
            patterns.setdefault(_NUMBER.sub("#", name), []).append(child)
        yield from patterns.values()


def _in_turn(members: list[Node]) -> list[Node]:
    """Leave out branches; nothing is left where calls lie inside each other."""
    calls = sorted(
        (call, place) for place, each in enumerate(members) for call in each.calls
    )
    if any(after.start < before.end for (before, _), (after, _) in pairwise(calls)):
        return []
    given = Counter(call.given for call, _ in calls if call.given)
    kept = dict.fromkeys(place for _, place in calls)
    for call, place in calls:
        if given[call.given] > 1:
            kept.pop(place, None)
    return [members[place] for place in kept]


def _repeats(members: list[Node]) -> bool:
    kinds = Counter(type(each.module) for each in members)
    return any(count > 1 for count in kinds.values()) or any(map(_loops, members))


def _loops(node: Node) -> bool:
    """Whether a module ran again on what it made."""
    return len(node.calls) > 1 and len({call.gives for call in node.calls}) == 1


def _of_stack(stack: Stack, seen: Trace) -> list[Place]:
    members = stack.members
    if _are_stages(members):
        inner = {member: _inner_stacks(member) for member in members}
        opened = {
            member: stacked
            for member, stacks in inner.items()
            if (stacked := _blocks(stacks, seen))
        }
        lists = {
            each.parent.path.removeprefix(member.path)
            for member in opened
            for each in inner[member]
        }
        if opened:
            return [
                place
                for member in members
                for place in opened.get(member)
                or _alone(member, lists, seen)
                or _own(member, seen)
            ]
    if not any(member.called for member in members):
        return _between(members, seen)
    return _blocks([stack], seen)


def _are_stages(members: list[Node]) -> bool:
    if len(members) > _MOST_STAGES:
        return False
    shapes = {member.gives for member in members}
    return (
        len(shapes) > 1
        or None in shapes
        or not all(member.called for member in members)
    )


def _blocks(stacks: Iterable[Stack], seen: Trace) -> list[Place]:
    """Find the places of stacks whose members are blocks."""
    members = (member for stack in stacks for member in stack.members)
    return [place for member in members for place in _own(member, seen)]


def _own(node: Node, seen: Trace) -> list[Place]:
    """Find the places after each call of a module that sees rows of examples."""
    if node.last is None:
        return []
    path, calls = node.last.path, node.last.calls
    if len(calls) == 1 or not _loops(node.last):
        place = Place(path, calls[-1].end)
        return [place] if seen.rows(path) else []
    return [
        Place(path, call.end, call=number)
        for number, call in enumerate(calls, start=1)
        if seen.rows(path, number)
    ]


def _alone(stage: Node, lists: set[str], seen: Trace) -> list[Place]:
    """Find the blocks of a stage that has no two alike, where others have theirs."""
    parts = [
        child
        for node in stage.walk()
        if node.path.removeprefix(stage.path) in lists
        for child in node.children.values()
        if child.ran and child.weights >= BLOCK
    ]
    return [place for part in parts for place in _own(part, seen)]


def _between(members: list[Node], seen: Trace) -> list[Place]:
    """Find what goes from one group of modules, which is no module, into the next.

    Where a network adds their outputs itself, no module returns the sum: the next
    group is given it, and after the last group whatever runs next.
    """
    groups = pairwise(members)
    found = [
        Place(first, call.start, at="input", block=group.path)
        for group, after in groups
        for call, first in [min(_calls(after))]
        if seen.rows(first, into=True) and len(seen.calls[first]) == 1
    ]
    last = members[-1]
    following = _next(last, seen)
    if following is None:
        return found + _own(last, seen)
    call, path = following
    return [*found, Place(path, call.start, at="input", block=last.path)]


def _calls(node: Node) -> Iterator[tuple[Call, str]]:
    for part in node.walk():
        if part.called:
            yield from ((call, part.path) for call in part.calls)


def _next(node: Node, seen: Trace) -> tuple[Call, str] | None:
    """Find the call after a module that is given something of its output's shape."""
    end = node.calls[-1].end
    later = (
        (calls[0], path)
        for path, calls in seen.calls.items()
        if len(calls) == 1 and calls[0].start > end
    )
    call, path = min(later, default=(None, ""))
    if call is None or call.takes != node.gives or not seen.rows(path, into=True):
        return None
    return call, path
