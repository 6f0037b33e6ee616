"""What the automatic choice of probes could not read, in one sentence.

A module is missing among the probes where it counts the examples in a later dimension
(sequence first), returns no tensor or a mapping of several, is TorchScript, or is
replaced while the network runs. A person who does not know takes the depth for that of
the whole network.
"""

from collections.abc import Iterable, Iterator

import torch
from torch import nn

from depthviz.embeddings.capture import move_examples_first
from depthviz.embeddings.probe import Probe
from depthviz.embeddings.tracing import Trace

__all__ = ["describe_left_out"]

_SHOWN = 3


def describe_left_out(
    model: nn.Module, seen: Trace, probes: Iterable[Probe]
) -> str | None:
    """Say which modules of a network have no probe because none can be read.

    Args:
        model: Network without wrapper.
        seen: A forward pass of it.
        probes: Those that were chosen.

    Returns:
        One sentence or two; None where nothing is left out.
    """
    read = {probe.module for probe in probes if probe.module}
    found = list(_outermost(_unread(model, seen), read, seen))
    if not found:
        return None
    shown = "; ".join(reason for _, reason in found[:_SHOWN])
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"Without a probe, since no row for each example can be read: {shown}{more}."


def _unread(model: nn.Module, seen: Trace) -> Iterator[tuple[str, str]]:
    """List modules that cannot be read, the outer before the inner, with the reason."""
    for path, module in model.named_modules():
        if not path:
            continue
        dimension = seen.example_dimension(path)
        shape = seen.shape(path)
        if isinstance(module, torch.jit.ScriptModule):
            yield path, f"{path!r} is TorchScript, which runs without hooks"
        elif dimension and not seen.rows(path):
            remedy = move_examples_first(dimension).rstrip(".")
            yield (
                path,
                f"{path!r} returns {shape} with the examples in dimension "
                f"{dimension} ({remedy})",
            )
        elif seen.rows_per_example(path) > 1:
            rows = seen.rows_per_example(path)
            yield path, f"{path!r} returns {shape}, {rows} rows for each example"
        elif path in seen.unsteady:
            yield path, f"{path!r} is replaced when the network runs"
        elif path in seen.others:
            yield path, f"{path!r} returns {seen.others[path]}"


def _outermost(
    unread: Iterable[tuple[str, str]], read: set[str], seen: Trace
) -> Iterator[tuple[str, str]]:
    """Leave out modules inside another one of these, or in or around what is read."""
    holders = {holder for path in read for holder in _holders(path)}
    inside: set[str] = set()
    for path, reason in unread:
        around = list(_holders(path))
        if path in holders or not inside.isdisjoint(around):
            continue
        if any(map(seen.rows, around)):
            continue
        inside.add(path)
        yield path, reason


def _holders(path: str) -> Iterator[str]:
    """List a path and those that it lies in."""
    while path:
        yield path
        path = path.rpartition(".")[0]
