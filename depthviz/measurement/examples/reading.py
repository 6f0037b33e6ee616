"""The data of a measurement as the user gave them, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import nn

from depthviz.datasets.examples import Examples
from depthviz.datasets.forms import as_examples
from depthviz.datasets.labels import KnownNames
from depthviz.datasets.metadata import listed_names
from depthviz.datasets.skipping import Broken, find_broken, leave_out
from depthviz.datasets.sources.streams import is_stream
from depthviz.errors import ArgumentError, ShapeError
from depthviz.measurement.examples.splits import Splits
from depthviz.measurement.looks.names import configured_names
from depthviz.measurement.options import MeasureOptions

__all__ = ["known_names", "read_splits"]


def known_names(names: Any, model: nn.Module) -> KnownNames | None:
    """Find the names of the classes before the data is read.

    Args:
        names: As the caller gives them; None for none.
        model: The network, which may name them too.

    Returns:
        The names, of the caller before those of the network.
    """
    if names is not None:
        return KnownNames(tuple(map(str, listed_names(names) or ())))
    own = configured_names(model)
    return None if own is None else KnownNames(own, complete=False)


def read_splits(
    train: Any,
    validation: Any,
    options: MeasureOptions,
    known: KnownNames | None = None,
) -> Splits:
    """Read what the user gave; there must be enough training examples for k.

    Args:
        train: As `measure` takes it.
        validation: The same; None for none.
        options: Those of the measurement.
        known: Names of the classes; labels of the validation data that are words are
            read by those of the training data where there are none.

    Returns:
        The examples, without the broken ones where these are left out.

    Raises:
        DepthvizError: If the data is not as `measure` wants it.
    """
    trained, broken = _read(train, "train", options, known)
    _check_k(trained, options)
    if validation is None:
        return Splits(trained, broken={"train": broken})
    if trained.class_names and not (known and known.complete):
        known = KnownNames(trained.class_names)
    held_out, more = _read(validation, "validation", options, known)
    return Splits(trained, held_out, {"train": broken, "validation": more})


def _read(
    data: Any, name: str, options: MeasureOptions, known: KnownNames | None
) -> tuple[Examples, Sequence[Broken]]:
    examples = as_examples(
        data,
        name=name,
        collate_fn=options.collate_fn,
        columns=options.columns,
        known=known,
    )
    if options.on_error == "raise":
        return examples, ()
    if is_stream(data):
        raise ArgumentError(
            f"on_error='skip' needs examples that are read by position, but {name} is "
            "iterable only: what it gives after an error is unknown."
        )
    broken = find_broken(examples)
    return leave_out(examples, broken), broken


def _check_k(trained: Examples, options: MeasureOptions) -> None:
    k = options.k
    if options.include_self and len(trained) < k:
        raise ShapeError(
            f"k must be at most the {len(trained)} training examples; got k={k}. Give "
            f"at least {k} of them, or choose a smaller k."
        )
    if not options.include_self and len(trained) <= k:
        raise ShapeError(
            f"k must be below the {len(trained)} training examples, since none votes "
            f"for itself; got k={k}. Give at least {k + 1} of them, or choose a "
            "smaller k."
        )
