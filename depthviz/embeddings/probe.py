"""A probe's place in a network, and the networks inside their wrappers.

A place is a module and a side: what goes into its last call or what comes out of it.
The input and the softmax have no module. Names are what tables and charts show; the
order of a tuple of probes is the order in which depth counts them. Runs no network.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from torch import nn

from depthviz.errors import ProbeError

__all__ = [
    "ENDS",
    "Probe",
    "describe_probes",
    "find_module",
    "name_probes",
    "unwrap",
]

ENDS = ("input", "softmax")
_SHOWN = 12


@dataclass(frozen=True)
class Probe:
    """One place of a network whose activations are compared.

    Attributes:
        name: What tables and charts call it. "input" and "softmax" are reserved for
            the flattened input and the softmax of the logits.
        module: Dotted path of the module; None for the input and the softmax.
        at: Side of the module's last call in a forward pass. A shared ReLU is called
            twice in a residual block: its last input is the sum before the ReLU.

    Example:
        >>> Probe("after pooling", "features.3")
        Probe(name='after pooling', module='features.3', at='output')
    """

    name: str
    module: str | None = None
    at: Literal["output", "input"] = "output"

    def __post_init__(self) -> None:
        """Keep the two reserved names and the missing module together."""
        if (self.module is None) != (self.name in ENDS):
            raise ProbeError(
                f"Probe {self.name!r} has the module {self.module!r}: the names "
                "'input' and 'softmax', and they alone, stand without a module."
            )
        if self.at not in ("output", "input"):
            raise ProbeError(
                f"Probe {self.name!r} is at {self.at!r}; a probe is at the 'output' "
                "or the 'input' of its module."
            )


def describe_probes(probes: Iterable[Probe]) -> str:
    """Write the choice of probes in one line, for people.

    Args:
        probes: Probes in order.

    Returns:
        Their count, names and modules.

    Example:
        >>> describe_probes([Probe("input"), Probe("conv1", "0"), Probe("softmax")])
        '3 probes: input, conv1 (0), softmax'
        >>> describe_probes([Probe("block1", "layer1.0.relu", "input")])
        '1 probe: block1 (into layer1.0.relu)'
    """
    places = [_describe(probe) for probe in probes]
    plural = "" if len(places) == 1 else "s"
    return f"{len(places)} probe{plural}: {', '.join(places)}"


def _describe(probe: Probe) -> str:
    if probe.module is None:
        return probe.name
    if probe.at == "input":
        return f"{probe.name} (into {probe.module})"
    return (
        probe.name if probe.name == probe.module else f"{probe.name} ({probe.module})"
    )


def name_probes(model: nn.Module, probes: Sequence[str | Probe]) -> tuple[Probe, ...]:
    """Turn the user's names into probes, the input first and the softmax last.

    Args:
        model: Network without wrapper.
        probes: Paths of modules, or probes, in the network's order.

    Returns:
        Probes whose modules exist and whose names differ.

    Raises:
        ProbeError: If a module does not exist, two probes share a name, or the input
            and the softmax stand anywhere but at the ends.
    """
    _check_ends([_name(probe) for probe in probes])
    inner = [_as_probe(probe) for probe in probes if _name(probe) not in ENDS]
    for probe in inner:
        find_module(model, probe)
    names = [probe.name for probe in inner]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ProbeError(f"Two probes are called {twice[0]!r}; give each its own name.")
    return (Probe("input"), *inner, Probe("softmax"))


def _name(probe: str | Probe) -> str:
    return probe if isinstance(probe, str) else probe.name


def _check_ends(names: list[str]) -> None:
    if "input" in names[1:] or "softmax" in names[:-1]:
        raise ProbeError(
            "The probe 'input' stands first and 'softmax' last; put them there, or "
            f"leave them out: they are added. Got {names}."
        )


def _as_probe(probe: str | Probe) -> Probe:
    return Probe(probe, probe) if isinstance(probe, str) else probe


def find_module(model: nn.Module, probe: Probe) -> nn.Module:
    """Find the module of a probe.

    Args:
        model: Network without wrapper.
        probe: Probe with a module.

    Returns:
        The module at the probe's path.

    Raises:
        ProbeError: If the network has no such module; lists those that it has.
    """
    modules: dict[str, nn.Module] = dict(model.named_modules(remove_duplicate=False))
    if probe.module not in modules:
        raise ProbeError(_unknown(model, str(probe.module)))
    return modules[probe.module]


def _unknown(model: nn.Module, path: str) -> str:
    paths = [name for name, _ in model.named_modules() if name]
    close = difflib.get_close_matches(path, paths, n=_SHOWN, cutoff=0.0)
    shown = paths if len(paths) <= _SHOWN else close
    more = f", … ({len(paths)} in all)" if len(shown) < len(paths) else ""
    listed = ", ".join(repr(name) for name in shown)
    return f"Unknown probe {path!r}. This network has: {listed}{more}."


def unwrap(model: nn.Module) -> nn.Module:
    """Find the network inside `torch.compile` and data-parallel wrappers.

    Args:
        model: Network, wrapped or not.

    Returns:
        The module whose paths the user knows.

    Example:
        >>> unwrap(nn.DataParallel(nn.Linear(2, 2)))
        Linear(in_features=2, out_features=2, bias=True)
    """
    parallel = (nn.DataParallel, nn.parallel.DistributedDataParallel)
    while True:
        inner = model.module if isinstance(model, parallel) else None
        inner = getattr(model, "_orig_mod", inner)
        if not isinstance(inner, nn.Module):
            return model
        model = inner
