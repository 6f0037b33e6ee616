"""Fingerprints: whether what was annotated is what is there now.

An id says which example is meant, a fingerprint that it is still the same one. Knows
events and ids, and nothing of what was decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from depthviz.annotations.events import Event
from depthviz.errors import ArgumentError, DataError

__all__ = ["by_id", "check_data", "check_inputs", "fingerprint"]

_PLAIN = "biufcUSM"  # kinds of numpy that are their bytes


def fingerprint(example_input: Any) -> str:
    """Give the fingerprint of one example's input, for `record(..., input=)`.

    Args:
        example_input: An array, a tensor, text or bytes.

    Returns:
        SHA-256 of its type, shape and content, as 64 letters.

    Raises:
        ArgumentError: If it is something else.

    Example:
        >>> fingerprint([[0, 1], [1, 0]])[:8] == fingerprint(np.eye(2)[::-1])[:8]
        False
        >>> fingerprint(np.zeros(3)) == fingerprint(np.zeros(3).tolist())
        True
    """
    if hasattr(example_input, "detach"):  # a tensor, maybe of a GPU, with gradients
        example_input = example_input.detach().cpu()
        kind = str(example_input.dtype)
        example_input = example_input.float() if "bfloat16" in kind else example_input
    if isinstance(example_input, bytes):
        return sha256(b"bytes" + example_input).hexdigest()
    found = np.asarray(example_input)
    if found.dtype.kind not in _PLAIN:
        raise ArgumentError(
            "The input of an example must be an array, a tensor, text or bytes, got "
            f"{type(example_input).__name__}."
        )
    if found.dtype.kind == "U":
        found = np.char.encode(found, "utf-8", "surrogatepass")
    found = np.ascontiguousarray(found.astype(found.dtype.newbyteorder("<")))
    head = f"{found.dtype.str} {found.shape} ".encode()
    return sha256(head + found.tobytes()).hexdigest()


def check_data(
    events: Iterable[Event], allowed: Collection[str], *, words: str
) -> None:
    """Refuse events of other data.

    Args:
        events: Those that hold.
        allowed: Fingerprints of the data that they may be of.
        words: What the error says of these.

    Raises:
        DataError: If one bears another fingerprint.
    """
    other = sorted({event.data for event in events if event.data} - {*allowed})
    if other:
        raise DataError(
            f"The annotations were made of other data, with the fingerprint "
            f"{other[0]:.16}…; {words}"
        )


def check_inputs(events: Iterable[Event], inputs: Mapping[str, str]) -> None:
    """Refuse events of examples whose input is another one now.

    Args:
        events: Those that hold.
        inputs: The fingerprint of each example's input, by its id as text.

    Raises:
        DataError: If one bears another fingerprint.
    """
    changed = dict.fromkeys(
        event.example
        for event in events
        if event.input and inputs.get(event.example, event.input) != event.input
    )
    if changed:
        raise DataError(
            f"The inputs of {len(changed):,} annotated examples are not those that "
            f"were looked at, such as {', '.join(map(repr, [*changed][:5]))}."
        )


def by_id(ids: Sequence[Any], inputs: Sequence[str]) -> dict[str, str]:
    """Put fingerprints under the ids of their examples."""
    if len(ids) != len(inputs):
        raise ArgumentError(
            f"inputs must have one fingerprint for each of the {len(ids):,} examples, "
            f"got {len(inputs):,}."
        )
    return dict(zip(map(str, ids), inputs, strict=True))
