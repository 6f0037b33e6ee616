"""A probe's place in a network, and the networks inside their wrappers.

A place is a module, a side and a call: what goes into its last call, or into another,
or what comes out of it.
The input and the softmax have no module. Names are what tables and charts show; the
order of a tuple of probes is the order in which depth counts them. Runs no network.
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from torch import nn

from depthviz.embeddings.pooling import Pool, check_pool, name_of_pool
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
        at: Side of the module's call in a forward pass. A shared ReLU is called
            twice in a residual block: its last input is the sum before the ReLU.
        call: Which call, counted from 1; the last where it is None. A layer that runs
            several times, as in ALBERT, has a probe at each: `Probe("layer", call=3)`
            is the third, by the name "layer call 3".
        pool: How a row is read of an example's tokens `(T, D)` or positions
            `(C, H, W)`: "flatten", all of them in one row; "mean" or "max" over them;
            the "first" or the "last" token, of those that the mask keeps; or a function
            of the activation `(B, …)` and the mask `(B, T)`, None without one, that
            returns `(B, F)`. None leaves the choice: the rule of the network's head for
            tokens, "flatten" for all else. `Probe("layer", pool="mean")` needs no name.
        batch_first: Whether the first dimension counts the examples; False where it is
            the second, `(T, B, D)`. It is found out where nobody says so.

    Raises:
        ProbeError: If name and module do not fit together, or there is no such side,
            call or pool.

    Example:
        >>> Probe("after pooling", "features.3").module
        'features.3'
    """

    name: str
    module: str | None = None
    at: Literal["output", "input"] = "output"
    call: int | None = None
    pool: Pool | None = None
    batch_first: bool = True

    def __post_init__(self) -> None:
        """Keep the two reserved names and the missing module together."""
        more = self.call is not None or self.pool is not None or not self.batch_first
        if self.module is None and more and self.name not in ENDS:
            object.__setattr__(self, "module", self.name)
            called = "" if self.call is None else f" call {self.call}"
            object.__setattr__(self, "name", f"{self.name}{called}")
        if not isinstance(self.name, str):
            raise ProbeError(
                f"A probe's name must be text, got {self.name!r}: Probe(name, module)."
            )
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
        self._check_call()
        check_pool(self.name, self.pool)
        if self.module is None and self.pool is not None:
            raise ProbeError(
                f"Probe {self.name!r} is read whole; pool= is for what modules return."
            )

    def _check_call(self) -> None:
        """Refuse a call that is no number from 1, or one of no module."""
        if self.call is None:
            return
        number = isinstance(self.call, int) and not isinstance(self.call, bool)
        if not number or self.call < 1 or self.module is None:
            raise ProbeError(
                f"Probe {self.name!r} has call={self.call!r} of module "
                f"{self.module!r}; calls of a module count from 1, and None is the "
                "last."
            )


def describe_probes(
    probes: Iterable[Probe], shapes: Mapping[str, Sequence[int]] | None = None
) -> str:
    """Write the choice of probes in one line, for people.

    Args:
        probes: Probes in order.
        shapes: By name, what an example has there, where it is known.

    Returns:
        Their count, names, modules and shapes.

    Example:
        >>> describe_probes([Probe("input"), Probe("conv1", "0"), Probe("softmax")])
        '3 probes: input, conv1 (0), softmax'
        >>> describe_probes([Probe("block1", "layer1.0.relu", "input")])
        '1 probe: block1 (into layer1.0.relu)'
        >>> describe_probes([Probe("twice", "layer", call=1)], {"twice": (8, 4)})
        '1 probe: twice (call 1 of layer, 8x4)'
        >>> describe_probes([Probe("block", pool="mean")], {"block": (12, 64)})
        '1 probe: block (12x64, mean)'
    """
    places = [_describe(probe, (shapes or {}).get(probe.name, ())) for probe in probes]
    plural = "" if len(places) == 1 else "s"
    return f"{len(places)} probe{plural}: {', '.join(places)}"


def _describe(probe: Probe, shape: Sequence[int]) -> str:
    place = "" if probe.module is None else probe.module
    if probe.call is not None:
        place = f"call {probe.call} of {place}"
    if probe.at == "input":
        place = f"into {place}"
    said = [place] if place and place != probe.name else []
    if shape:
        said.append("x".join(map(str, shape)))
    if probe.pool not in (None, "flatten"):
        said.append(name_of_pool(probe.pool))
    return f"{probe.name} ({', '.join(said)})" if said else probe.name


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
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
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
    try:
        return model.get_submodule(str(probe.module))
    except AttributeError:
        raise ProbeError(_unknown(model, str(probe.module))) from None


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
