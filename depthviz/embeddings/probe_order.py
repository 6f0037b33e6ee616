"""The order in which a network passes its probes.

Depth counts probes one after another, so it means something only where they stand in
the network's order. As with what a probe sees, the last call of its module counts,
unless the probe names another.
Branches that run side by side are ordered too, by which of them the code runs first.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from torch import nn
from torch.utils.hooks import RemovableHandle

from depthviz.embeddings.hooks import removed_hooks
from depthviz.embeddings.probe import Probe, find_module
from depthviz.errors import ProbeError
from depthviz.machine.interrupts import restoring

__all__ = ["check_order", "noted_order"]


@restoring
def noted_order(model: nn.Module, probes: Sequence[Probe]) -> Iterator[dict[str, None]]:
    """Note the order in which a forward pass comes by the probes.

    Args:
        model: Network without wrapper.
        probes: Places; those without a module are left out.

    Yields:
        Names in order, as keys, filled as the network runs once.

    Example:
        >>> import torch
        >>> network = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
        >>> with noted_order(network, [Probe("b", "1"), Probe("a", "0")]) as order:
        ...     _ = network(torch.ones(1, 2))
        >>> list(order)
        ['a', 'b']
    """
    order: dict[str, None] = {}
    calls: Counter[str] = Counter()

    def note(probe: Probe, *_: object) -> None:
        calls[probe.name] += 1
        if probe.call in (None, calls[probe.name]):
            order.pop(probe.name, None)
            order[probe.name] = None

    with removed_hooks() as add:
        for probe in probes:
            if probe.module is not None:
                register = _hook(find_module(model, probe), probe)
                add(register, partial(note, probe))
        yield order


def check_order(probes: Sequence[Probe], order: Iterable[str]) -> None:
    """Refuse probes that are not in the network's order.

    Args:
        probes: Probes as the user ordered them.
        order: Names of those with a module as the network comes by them.

    Raises:
        ProbeError: If the two differ.
    """
    given = [probe.name for probe in probes if probe.module is not None]
    ran = list(order)
    if given != ran:
        raise ProbeError(
            "Probes must be named in the order in which the network runs them, "
            f"{ran}, got {given}: depth counts them one after another."
        )


def _hook(module: nn.Module, probe: Probe) -> Callable[..., RemovableHandle]:
    if probe.at == "input":
        return module.register_forward_pre_hook
    return module.register_forward_hook
