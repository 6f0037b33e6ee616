"""What a network or a module returns, read as one tensor.

Networks return a tensor of logits, alone or under the name `logits` in a mapping or an
object. Modules return tensors, or tuples with one tensor of interest. Anything that
leaves a choice is refused with what came, never guessed. Measuring, training and
recording read logits here, so that a network which is measured can be trained, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from depthviz.errors import ModelError

__all__ = [
    "Features",
    "describe",
    "find_features",
    "find_logits",
    "only_tensor",
    "read_logits",
]

FEATURES = (
    "pooler_output",
    "image_embeds",
    "text_embeds",
    "features",
    "extract_features",
    "last_hidden_state",
)
NO_HEAD = (
    "A backbone without a head needs no logits where depths compare votes with labels: "
    "compare_with='label'."
)

TWO_LOGITS = (
    "One output z for two classes is the logits (0, z): wrap the network in a module "
    "whose forward returns torch.cat([torch.zeros_like(z), z], 1), z of shape (B, 1)."
)
ONE_ROW = (
    "A network that gives a class to each pixel, token or step is wrapped in a module "
    "that returns one row for each example."
)
IN_TRAINING = (
    "in training mode the network must return logits as it does in evaluation mode, "
    "and the recipe trains on these alone. Where heads that serve the training alone "
    "are returned as well, switch them off (torchvision: aux_logits=False), return "
    "them under other names than 'logits', or train all heads with a loss and a loop "
    "of your own: Ensemble(..., recipe=train)."
)


@dataclass(frozen=True)
class Features:
    """What a network without a head returned: it has no logits.

    Attributes:
        rows: Shape `(B, …)`.
    """

    rows: Tensor


def read_logits(output: object, examples: int, *, training: bool = False) -> Tensor:
    """Read the logits of a batch.

    Args:
        output: What the network returned: a tensor; a mapping with "logits"; an object
            with `.logits`; a tuple or list of one tensor, or of several where the first
            tensor of floats is `(B, C)` and no other is. Whatever else stands under
            other names is left alone.
        examples: Number of examples in the batch.
        training: Whether the network is in training mode, which a refusal then says.

    Returns:
        Logits, real floats, shape `(examples, C)` with C at least 2, or 0 for
        `Features`.

    Raises:
        ModelError: If it is anything else; the message says what came.

    Example:
        >>> read_logits(torch.zeros(4, 10), 4).shape
        torch.Size([4, 10])
        >>> read_logits({"logits": torch.zeros(4, 10), "features": None}, 4).shape
        torch.Size([4, 10])
    """
    if isinstance(output, Features):
        return _no_logits(output.rows, examples)
    logits = find_logits(output)
    if logits is None:
        hint = "Wrap it in a module that returns them."
        if training:
            hint = f"This is a training step: {IN_TRAINING}"
        elif find_features(output) is not None:
            hint += f" {NO_HEAD}"
        raise ModelError(
            "The network must return a tensor of logits, or a mapping or an object "
            f"with 'logits'; it returned {describe(output)}. {hint}"
        )
    _check_numbers(logits)
    if logits.ndim != 2 or len(logits) != examples or logits.shape[1] < 2:
        raise ModelError(
            f"The network must return logits of shape ({examples}, classes), with at "
            f"least 2 classes; it returned {describe(logits)}. "
            f"{_other_shape(logits, examples)}"
        )
    return logits


def find_logits(output: object) -> Tensor | None:
    """Find the logits in what a network returns, whatever their shape.

    Args:
        output: What the network returned.

    Returns:
        The tensor itself, the one named "logits", or the only one of a tuple or list,
        or its first where that alone has two dimensions; None where there is none, or a
        choice is left.

    Example:
        >>> find_logits((torch.zeros(2, 3),)).shape
        torch.Size([2, 3])
        >>> find_logits((torch.zeros(2, 3), (torch.zeros(2, 5, 8),))).shape
        torch.Size([2, 3])
        >>> find_logits((torch.zeros(2, 3), torch.zeros(2, 3))) is None
        True
    """
    if isinstance(output, Tensor):
        return output
    named = (
        output.get("logits")
        if isinstance(output, Mapping)
        else getattr(output, "logits", None)
    )
    if isinstance(named, Tensor):
        return named
    if named is None and isinstance(output, tuple | list):
        return _first_rows(output)
    return None


def _no_logits(rows: Tensor, examples: int) -> Tensor:
    """Give logits of no class."""
    if rows.ndim < 2 or len(rows) != examples:
        raise ModelError(
            f"The features of a network must have a row for each of {examples} "
            f"examples; it returned {describe(rows)}."
        )
    return rows.new_zeros(examples, 0)


def _first_rows(output: Sequence[object]) -> Tensor | None:
    """Find the logits among several: the first tensor, if no other has their form."""
    if len(output) == 1:
        return output[0] if isinstance(output[0], Tensor) else None
    tensors = (part for part in output if isinstance(part, Tensor))
    floats = [part for part in tensors if part.is_floating_point()]
    rows = [part for part in floats if part.ndim == 2]
    return rows[0] if len(rows) == 1 and rows[0] is floats[0] else None


def find_features(output: object) -> Tensor | None:
    """Find the features that a network without a head returns.

    Args:
        output: A mapping or object, such as a `ModelOutput`.

    Returns:
        The tensor of floats under the first name that is known: pooled features before
        those of all tokens; None where there is none.

    Example:
        >>> find_features({"last_hidden_state": torch.zeros(2, 5, 8)}).shape
        torch.Size([2, 5, 8])
    """
    for name in FEATURES:
        found = (
            output.get(name)
            if isinstance(output, Mapping)
            else getattr(output, name, None)
        )
        if isinstance(found, Tensor) and found.is_floating_point() and found.ndim > 1:
            return found
    return None


def only_tensor(output: object) -> Tensor | None:
    """Find the one tensor of floats in what a module takes or returns.

    Args:
        output: A tensor, or a tuple, list or mapping that holds one.

    Returns:
        That tensor; None where there is none, or more than one.

    Example:
        >>> only_tensor((torch.ones(2), None))
        tensor([1., 1.])
        >>> only_tensor((torch.ones(2), torch.ones(2))) is None
        True
    """
    if isinstance(output, Tensor):
        return output
    found = [part for _, part in _parts(output) if isinstance(part, Tensor)]
    floats = [part for part in found if part.is_floating_point()]
    return floats[0] if len(floats) == 1 else None


def describe(output: object) -> str:
    """Say in words what a module returned.

    Args:
        output: Anything.

    Returns:
        Its type, with the names and shapes of the tensors in it.

    Example:
        >>> describe((torch.zeros(2, 3), None))
        'a tuple of (a tensor of shape (2, 3), None)'
        >>> describe({"out": torch.zeros(2, 3)})
        "a dict of ('out': a tensor of shape (2, 3))"
    """
    if isinstance(output, Tensor):
        return f"a tensor of shape {tuple(output.shape)}"
    parts = ", ".join(name + describe(part) for name, part in _parts(output))
    if parts:
        return f"a {type(output).__name__} of ({parts})"
    return "None" if output is None else f"a {type(output).__name__}"


def _parts(output: object) -> Iterable[tuple[str, object]]:
    """List what a module returned, each with its name where it has one."""
    if isinstance(output, Mapping):
        return [(f"{name!r}: ", part) for name, part in output.items()]
    return [("", part) for part in output] if isinstance(output, tuple | list) else ()


def _check_numbers(logits: Tensor) -> None:
    """Refuse logits that are no plain real floats."""
    if logits.layout != torch.strided or logits.is_nested:
        raise ModelError(
            f"Logits must be a dense tensor, got one of layout {logits.layout}; return "
            "logits.to_dense()."
        )
    if logits.is_floating_point():
        return
    remedy = (
        "return their real part or their modulus"
        if logits.is_complex()
        else "return the scores themselves, before an argmax, threshold or quantization"
    )
    raise ModelError(f"Logits must be real floats, got {logits.dtype}; {remedy}.")


def _other_shape(logits: Tensor, examples: int) -> str:
    """Say what to do about logits of another shape."""
    if examples == 1 and logits.ndim == 1 and len(logits) > 1:
        return (
            "A batch may hold one example: squeeze the dimensions that are meant, such "
            "as squeeze(-1), not all of size 1."
        )
    if tuple(logits.shape) in ((examples,), (examples, 1)):
        return TWO_LOGITS
    if logits.ndim > 2 or (logits.ndim == 2 and len(logits) != examples):
        return ONE_ROW
    return "Wrap the network in a module that returns them."
