"""What the classes of a measurement are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from depthviz.datasets.metadata import listed_names
from depthviz.embeddings.probe import unwrap
from depthviz.errors import LabelError
from depthviz.measurement.examples.splits import ABOUT_NAMES, Splits

__all__ = ["Naming", "configured_names"]


@dataclass(frozen=True)
class Naming:
    """What is known of the classes' names before and after they are counted.

    Attributes:
        splits: The examples.
        names: What the caller calls the classes.
        configured: What the network calls them.
    """

    splits: Splits
    names: Sequence[str] | None
    configured: tuple[str, ...] | None = None

    @property
    def given(self) -> bool:
        """Whether the caller or the data name them."""
        data = (part.class_names for part in self.splits.parts)
        return self.names is not None or any(data)

    def of(self, classes: int) -> tuple[str, ...]:
        """Name the C classes: as given, else by the data, the network, or numbers.

        Raises:
            LabelError: If the names are not C, or differ between the splits.
        """
        source, names = self._known()
        if names is not None and len(names) != classes:
            raise LabelError(
                f"The network tells {classes} classes apart, but {source} names "
                f"{len(names)}. {ABOUT_NAMES}"
            )
        if not names and self.configured and len(self.configured) == classes:
            names = self.configured
        return names or tuple(map(str, range(classes)))

    def of_labels(self, labels: Tensor) -> tuple[str, ...]:
        """Name the classes of a network without logits: those that labels `(N,)` have.

        Raises:
            LabelError: If there are more than the names given.
        """
        classes = int(labels.max()) + 1
        source, names = self._known()
        if names is not None and len(names) < classes:
            raise LabelError(
                f"Labels go from 0 to {classes - 1}, but {source} names {len(names)}."
            )
        return names or tuple(map(str, range(classes)))

    def _known(self) -> tuple[str, tuple[str, ...] | None]:
        """Find the names given, and where they come from."""
        parts = [part for part in self.splits.parts if part.class_names]
        named = {part.name: part.class_names for part in parts}
        if len(set(named.values())) > 1:
            counts = " and ".join(
                f"{n} {len(names or ())}" for n, names in named.items()
            )
            raise LabelError(
                "Training and validation data must have the same classes in the same "
                f"order, but their class names differ: {counts} classes."
            )
        if self.names is not None:
            return "class_names", tuple(map(str, listed_names(self.names) or ()))
        return next(iter(named.items()), ("class_names", None))


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
