"""Short names of probes that are true: the end of a module's path that no other has.

Modules whose paths differ in numbers alone get ends of one length, and no name starts
with a bare number.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from depthviz.embeddings.probe import ENDS, Probe
from depthviz.embeddings.structure.places import Place

__all__ = ["named_probes"]

_DIGITS = re.compile(r"\d+")


def named_probes(places: Sequence[Place]) -> list[Probe]:
    """Name places by the shortest ends of their paths that tell them apart.

    Args:
        places: In the network's order.

    Returns:
        Probes with names that differ.

    Example:
        >>> paths = ["bert.embeddings", "bert.layer.0", "bert.layer.1"]
        >>> [probe.name for probe in named_probes([Place(path, 0) for path in paths])]
        ['embeddings', 'layer.0', 'layer.1']
    """
    paths = [place.block or place.path for place in places]
    short = _shortest(dict.fromkeys(paths))
    counts = Counter(paths)
    return [
        Probe(
            short[path] if counts[path] == 1 else f"{short[path]} call {place.call}",
            place.path,
            place.at,
            place.call,
        )
        for path, place in zip(paths, places, strict=True)
    ]


def _shortest(paths: Iterable[str]) -> dict[str, str]:
    split = {path: path.split(".") for path in paths}
    ends = Counter(
        ".".join(parts[-length:])
        for parts in split.values()
        for length in range(1, len(parts) + 1)
    )
    needed: dict[str, int] = {}
    for path, parts in split.items():
        kind = _DIGITS.sub("#", path)
        needed[kind] = max(needed.get(kind, 1), _length(parts, ends))
    return {
        path: _free(".".join(parts[-needed[_DIGITS.sub("#", path)] :]))
        for path, parts in split.items()
    }


def _length(parts: list[str], ends: Counter[str]) -> int:
    """Count the parts at the end of a path that make a name of it alone."""
    for length in range(1, len(parts)):
        end = ".".join(parts[-length:])
        if ends[end] == 1 and not parts[-length].isdigit():
            return length
    return len(parts)


def _free(name: str) -> str:
    return f"module {name}" if name in ENDS else name
