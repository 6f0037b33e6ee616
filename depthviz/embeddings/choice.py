"""The probes of a network: those that a person names, or those that are found.

Named or found, each must see a row for each example, in batches of two sizes, and they
must stand in the order in which the network runs them.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from depthviz.datasets.nested import (
    Nest,
    describe_nest,
    is_floats,
    length,
    map_leaves,
    rows,
    to_device,
)
from depthviz.embeddings.capture import Capture
from depthviz.embeddings.left_out import describe_left_out
from depthviz.embeddings.probe import ENDS, Probe, name_probes, unwrap
from depthviz.embeddings.probe_order import check_order, noted_order
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.state import forward as run
from depthviz.embeddings.state import home, lent
from depthviz.embeddings.structure import (
    Wanted,
    automatic_probes,
    check_wanted,
    choose_pools,
    thinned,
)
from depthviz.embeddings.tracing import Trace, fewer_examples, trace
from depthviz.errors import FeatureError, ModelError, ProbeError
from depthviz.machine.ambient import neutral_state

__all__ = ["ProbeChoice", "choose_probes", "find_probes"]


class ProbeChoice(NamedTuple):
    """The probes of a network, and what the automatic choice had to leave out.

    Attributes:
        probes: In the network's order.
        left_out: One sentence for people; None where nothing was left out.
        thinned: One sentence for people; None where all probes found were taken.
        shapes: What an example has at a probe, by name.
        pools: How tokens are read, in a sentence; None where all is read whole.
        seconds: Time that an example took in a small batch; NaN if not known.
    """

    probes: tuple[Probe, ...]
    left_out: str | None = None
    thinned: str | None = None
    shapes: Mapping[str, tuple[int, ...]] = MappingProxyType({})
    pools: str | None = None
    seconds: float = float("nan")


def choose_probes(
    model: nn.Module,
    inputs: Nest,
    probes: Wanted | Sequence[str | Probe] = "auto",
    *,
    forward: Forward | None = None,
) -> tuple[Probe, ...]:
    """Choose the places of a network whose activations are compared.

    Args:
        model: Network that returns logits; wrappers of `torch.compile` and data
            parallelism are looked through.
        inputs: A small batch, shape `(B, …)`, or a mapping, tuple or list of such; one
            forward pass shows what runs.
        probes: Paths of modules and probes in the network's order; or "auto" and
            "blocks" for its blocks, at most 32 between the ends; "stages" for the last
            block of each stage; or a number of blocks, evenly taken. The softmax is
            added where it is missing, and so is the input where it is one tensor of
            floats: between token ids, or ids and their mask, there is no distance.
        forward: Calls the network with a batch and returns its logits, where its own
            call is another: `lambda model, batch: …`.

    Returns:
        Probes in order: the input first, the softmax last.

    Raises:
        ArgumentError: If probes is none of these.
        ProbeError: If a named module does not exist, two probes share a name, or their
            order is not that in which the network runs.
        ModelError: If the network returns no logits, or a named module did not run,
            is TorchScript or returns no row for each example.
        FeatureError: If the batch is empty.

    Example:
        >>> network = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
        >>> [probe.name for probe in choose_probes(network, torch.ones(2, 4))]
        ['input', 'dense1', 'softmax']

    References:
        Baldock, Maennel & Neyshabur (2021). https://arxiv.org/abs/2106.09647
    """
    return find_probes(model, inputs, probes, call=forward).probes


@neutral_state()
def find_probes(
    model: nn.Module,
    inputs: Nest,
    probes: Wanted | Sequence[str | Probe] = "auto",
    *,
    call: Forward | None = None,
) -> ProbeChoice:
    """Choose probes as `choose_probes` does, and say what was left out."""
    check_wanted(probes)
    if length(inputs) == 0:
        raise FeatureError("Choosing probes needs at least one example, got none.")
    network = unwrap(model)
    listed = None if isinstance(probes, str | int) else probes
    named = None if listed is None else name_probes(network, listed)
    with lent(network, home(network)):
        batch = to_device(inputs, home(network))
        seen = trace(network, batch, call)
        if named is not None and listed is not None:
            asked = [each for each in ENDS if _is_named(each, listed)]
            by_name = _with_ends(named, inputs, seen, asked=asked)
            read, pools = choose_pools(network, batch, seen, by_name, call=call)
            shapes = _shapes(network, seen, read, batch)
            checked = _run(network, batch, read, call)
            return ProbeChoice(checked, shapes=shapes, pools=pools)
        _refuse_script(network)
        return _found(network, batch, seen, wanted=cast(Wanted, probes), call=call)


def _found(
    network: nn.Module,
    batch: Nest,
    seen: Trace,
    *,
    wanted: Wanted,
    call: Forward | None,
) -> ProbeChoice:
    """Choose automatically, and say what there is to say about it."""
    every = automatic_probes(network, batch, seen, wanted=wanted, call=call)
    inner = thinned(every, wanted)
    found = _with_ends((Probe("input"), *inner, Probe("softmax")), batch, seen)
    left_out = describe_left_out(network, seen, every)
    if not inner and not is_floats(batch):
        raise ModelError(
            "No module of this network gives a row for each example, and its inputs "
            f"are not one tensor of floats. {left_out or ''} Name modules as probes=, "
            "or wrap the network so that one of its modules returns such rows."
        )
    fewer = None
    if len(inner) < len(every):
        fewer = (
            f"{len(inner)} of {len(every)} places between the ends were taken, evenly; "
            f"probes={len(every)} takes all."
        )
    read, pools = choose_pools(network, batch, seen, found, call=call)
    shapes = _shapes(network, seen, read, batch)
    return ProbeChoice(read, left_out, fewer, shapes, pools, seen.seconds)


def _shapes(
    network: nn.Module, seen: Trace, probes: Sequence[Probe], batch: Nest
) -> dict[str, tuple[int, ...]]:
    """Find what an example has at each probe."""
    found: dict[str, tuple[int, ...]] = {"softmax": tuple(seen.logits.shape)}
    if isinstance(batch, Tensor):
        found["input"] = tuple(batch.shape)
    for probe in probes:
        if probe.module is not None:
            path, into = seen.path_of(network, probe), probe.at == "input"
            found[probe.name] = seen.shape(path, probe.call, into=into) or ()
    return {
        probe.name: found[probe.name][1:]
        if probe.batch_first
        else (*found[probe.name][:1], *found[probe.name][2:])
        for probe in probes
    }


def _is_named(name: str, probes: Sequence[str | Probe]) -> bool:
    return any(name in (each, getattr(each, "name", None)) for each in probes)


def _with_ends(
    probes: tuple[Probe, ...], inputs: Nest, seen: Trace, *, asked: Sequence[str] = ()
) -> tuple[Probe, ...]:
    """Leave out the input where it is no floats, and the softmax without logits.

    Whole numbers may be asked for.
    """
    if not seen.logits.shape[1]:
        if "softmax" in asked:
            raise ProbeError(
                "The network returns no logits, so there is no probe 'softmax'. Leave "
                "it out."
            )
        probes = probes[:-1]
    if "input" in asked and not isinstance(inputs, Tensor):
        raise ProbeError(
            "The probe 'input' compares inputs that are one tensor; these are "
            f"{describe_nest(inputs)}. Leave it out, or name the module that embeds "
            "them."
        )
    return probes if "input" in asked or is_floats(inputs) else probes[1:]


def _refuse_script(network: nn.Module) -> None:
    if isinstance(network, torch.jit.ScriptModule):
        raise ModelError(
            f"The network is TorchScript ({type(network).__name__}): its modules run "
            "without hooks, so no layer can be read. Give the nn.Module that it was "
            "made from, or probes=['input', 'softmax'] for these two alone."
        )


def _run(
    network: nn.Module, batch: Nest, probes: tuple[Probe, ...], call: Forward | None
) -> tuple[Probe, ...]:
    """Check that each probe sees a row for each example, in batches of two sizes."""
    count = length(batch)
    with Capture(network, probes, home(network)) as capture:
        for size in (fewer_examples(count), count):
            some = map_leaves(Tensor.clone, rows(batch, slice(size)))
            capture.begin(some)
            with noted_order(network, probes) as order:
                run(network, some, call)
            capture.take(size)
    check_order(probes, order)
    return probes
