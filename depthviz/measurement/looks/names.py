"""What the classes of a measurement are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import nn

from depthviz.datasets.metadata import listed_names
from depthviz.embeddings.probe import unwrap
from depthviz.errors import LabelError
from depthviz.measurement.splits import ABOUT_NAMES, Splits

__all__ = ["class_names_of", "configured_names"]


def class_names_of(
    splits: Splits,
    classes: int,
    *,
    given: Sequence[str] | None,
    configured: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """Name the C classes: as given, else by the data set, the network, or numbers.

    Args:
        splits: The examples.
        classes: Their number, C.
        given: What the caller calls them.
        configured: What the network calls them.

    Returns:
        Names by label.

    Raises:
        LabelError: If the names are not C, or differ between the splits.
    """
    named = {part.name: part.class_names for part in splits.parts if part.class_names}
    if len(set(named.values())) > 1:
        counts = " and ".join(f"{name} {len(names)}" for name, names in named.items())
        raise LabelError(
            "Training and validation data must have the same classes in the same "
            f"order, but their class names differ: {counts} classes."
        )
    source, names = next(iter(named.items()), ("class_names", None))
    if given is not None:
        source, names = "class_names", tuple(map(str, listed_names(given) or ()))
    if names is not None and len(names) != classes:
        raise LabelError(
            f"The network tells {classes} classes apart, but {source} names "
            f"{len(names)}. {ABOUT_NAMES}"
        )
    if not names and configured is not None and len(configured) == classes:
        names = tuple(configured)
    return names or tuple(map(str, range(classes)))


def configured_names(model: nn.Module) -> tuple[str, ...] | None:
    """Read the names of the classes from a network's configuration.

    Args:
        model: Any network; one of Hugging Face has `config.id2label`.

    Returns:
        Names by label; None where there are none, or only LABEL_0, LABEL_1, ….

    Example:
        >>> configured_names(nn.Linear(2, 3)) is None
        True
    """
    given = getattr(getattr(unwrap(model), "config", None), "id2label", None)
    names = listed_names(given) if isinstance(given, Mapping) and given else None
    if names is None or names == [f"LABEL_{i}" for i in range(len(names))]:
        return None
    return tuple(map(str, names))
