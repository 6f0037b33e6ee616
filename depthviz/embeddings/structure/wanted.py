"""What may be asked for in place of a list of probes, and how many are taken."""

from collections.abc import Sequence
from typing import Literal

import torch

from depthviz.embeddings.probe import Probe
from depthviz.errors import ArgumentError

__all__ = ["MOST", "Wanted", "check_wanted", "chosen_by", "thinned"]

MOST = 32
"""Probes between the input and the softmax, unless another number is asked for."""

Wanted = Literal["auto", "blocks", "stages"] | int

_WORDS = ("auto", "blocks", "stages")


def check_wanted(probes: object) -> None:
    """Refuse probes that are no word, number or list of places (`ArgumentError`)."""
    hint = ""
    if isinstance(probes, str):
        if probes in _WORDS:
            return
        hint = f" For one module say [{probes!r}]."
    elif isinstance(probes, int) and not isinstance(probes, bool):
        if probes >= 1:
            return
    elif isinstance(probes, Sequence) and all(
        isinstance(each, (str, Probe)) for each in probes
    ):
        return
    raise ArgumentError(
        "probes must be 'auto', 'blocks', 'stages', a number of probes from 1, or a "
        f"list of module paths and Probes, got {probes!r}.{hint}"
    )


def chosen_by(probes: Wanted | Sequence[str | Probe]) -> str:
    """Say who chose the places: "auto" or "given", or what was asked for.

    Example:
        >>> chosen_by("auto"), chosen_by("stages"), chosen_by(8), chosen_by(["layer1"])
        ('auto', 'stages', '8 blocks', 'given')
    """
    if isinstance(probes, int):
        return f"{probes} blocks"
    return probes if isinstance(probes, str) else "given"


def thinned(probes: list[Probe], wanted: Wanted = "auto") -> list[Probe]:
    """Take as many probes as are wanted, evenly, the last among them.

    Example:
        >>> [each.name for each in thinned([Probe(c, c) for c in "abcde"], 3)]
        ['a', 'c', 'e']
    """
    most = MOST if isinstance(wanted, str) else wanted
    if len(probes) <= most:
        return probes
    if most == 1:
        return probes[-1:]
    places = torch.linspace(0, len(probes) - 1, most, dtype=torch.float64)
    return [probes[int(place)] for place in places.round()]
