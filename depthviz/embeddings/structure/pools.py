"""How each probe is read where nobody said: whole, or as the network's head reads.

Pictures and dense layers are read whole, as the paper does. Tokens, which are padded
and of any number, are read as the head of the network reads them, else by the mean of
those that count. Where one token is the same for all examples, as the class token is
before it has seen the others, it would tell nothing: there the mean is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from torch import nn

from depthviz.embeddings.capture import Capture
from depthviz.embeddings.pooling import (
    PoolName,
    are_pictures,
    are_sequences,
    features_are_last,
    mask_of,
)
from depthviz.embeddings.probe import Probe, find_module
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.state import home
from depthviz.embeddings.structure.head_pool import find_head_pool
from depthviz.embeddings.tracing import Trace, first_look

__all__ = ["choose_pools"]

_TOKENS = 3  # dimensions
_ONE = ("first", "last")


def choose_pools(
    network: nn.Module,
    batch: Any,
    seen: Trace,
    probes: Sequence[Probe],
    *,
    call: Forward | None = None,
) -> tuple[tuple[Probe, ...], str | None]:
    """Choose how the probes are read whose `pool` is None.

    Args:
        network: Network in evaluation mode, without wrapper.
        batch: Inputs of some examples, on its device.
        seen: A forward pass of these.
        probes: Places in run order.
        call: Calls the network, in place of the usual way.

    Returns:
        The same probes, with a pool where they read tokens and `batch_first` as it is;
        and what was chosen, in words, None where all are read whole.
    """
    placed = tuple(_with_examples_first(each, network, seen) for each in probes)
    chosen = {each.name for each in _of_tokens(network, batch, seen, placed)}
    rule: PoolName | None = None
    if chosen:
        examples, mask = len(seen.logits), mask_of(batch)
        rule = find_head_pool(network, batch, examples=examples, mask=mask, call=call)
    found = rule
    if rule is None and are_sequences(batch):
        rule = "mean"
    if rule is None or rule == "flatten":
        return placed, None
    read = [
        replace(each, pool=rule) if each.name in chosen else each for each in placed
    ]
    pooled = [each for each in read if each.name in chosen]
    blind = _blind(network, batch, pooled, seen, call) if rule in _ONE else set()
    settled = tuple(
        replace(each, pool="mean") if each.name in blind else each for each in read
    )
    return settled, _describe(rule, found, [each.name for each in read], blind)


def _with_examples_first(probe: Probe, network: nn.Module, seen: Trace) -> Probe:
    """Note where tokens come before examples, `(T, B, D)`."""
    if probe.module is None or not probe.batch_first:
        return probe
    path, into = seen.path_of(network, probe), probe.at == "input"
    dimension = seen.example_dimension(path, probe.call, into=into)
    return replace(probe, batch_first=False) if dimension == 1 else probe


def _of_tokens(
    network: nn.Module, batch: Any, seen: Trace, probes: Sequence[Probe]
) -> Iterator[Probe]:
    """List the probes that see tokens and do not say how to read them."""
    if are_pictures(batch):
        return
    sequences = are_sequences(batch)
    for probe in probes:
        if probe.module is None or probe.pool is not None:
            continue
        path, into = seen.path_of(network, probe), probe.at == "input"
        shape = seen.shape(path, probe.call, into=into) or ()
        if len(shape) == _TOKENS and (
            sequences or features_are_last(find_module(network, probe), shape)
        ):
            yield probe


def _blind(
    network: nn.Module,
    batch: Any,
    some: Sequence[Probe],
    seen: Trace,
    call: Forward | None,
) -> set[str]:
    """Name the probes at which the one token is the same for all examples."""
    with Capture(network, some, home(network)) as capture:
        capture.begin(batch)
        first_look(network, batch, call)
        found = capture.take(len(seen.logits))
    return {
        name
        for name, rows in found.items()
        if len(rows) > 1 and bool((rows == rows[0]).all())
    }


def _describe(
    rule: PoolName, found: PoolName | None, names: list[str], blind: set[str]
) -> str:
    """Say how tokens are read, and why."""
    one = f"the {rule} token" if rule in _ONE else f"the {rule} of their tokens"
    why = (
        "as the network's head reads them"
        if found
        else "as no pooling of the network's head was recognized"
    )
    said = f"Probes read {one}, {why}"
    if blind:
        where = ", ".join(name for name in names if name in blind)
        said += f"; at {where}, where it is the same for all examples, the mean"
    return f"{said}. Probe(path, pool=...) chooses another."
