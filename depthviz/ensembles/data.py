"""The data of an ensemble, as each member sees it, in this process or in another.

Members that are trained by other processes would each be sent all the data. Arrays are
therefore written into the run's folder once and mapped into memory there; what is not
a pair of arrays, such as a data set that reads files, is sent as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from depthviz.datasets.examples import Examples
from depthviz.datasets.forms import as_examples
from depthviz.datasets.labels import KnownNames
from depthviz.datasets.nested import Nest, feed_digest, not_finite
from depthviz.datasets.nested import rows as take
from depthviz.embeddings.borrowing import one_at_a_time
from depthviz.ensembles.plan import Functions
from depthviz.ensembles.planting import reduce_inputs
from depthviz.errors import FeatureError
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import replacing_file
from depthviz.training.setting import load

__all__ = ["EnsembleData", "MemberDataset", "SharedArrays", "share_data"]

INPUTS, LABELS = "inputs.npy", "labels.npy"
NAMED = "inputs-{}.npy"  # of one among several, by its number
_NO_FUNCTIONS = Functions()
KNOWN = (torch.float16, torch.float32, torch.float64)


class SharedArrays(NamedTuple):
    """Inputs and labels in a folder that every worker reads, an array a file.

    Attributes:
        folder: Where they lie.
        names: Of the inputs, where they are a mapping of arrays.
    """

    folder: str
    names: tuple[str, ...] | None = None

    def open(self) -> tuple[Any, NDArray[Any]]:
        """Map the inputs into memory, and read the labels."""
        labels = np.load(Path(self.folder, LABELS), allow_pickle=False)
        if self.names is None:
            return self._map(INPUTS), labels
        files = (NAMED.format(number) for number in range(len(self.names)))
        return dict(zip(self.names, map(self._map, files), strict=True)), labels

    def _map(self, name: str) -> NDArray[Any]:
        found: NDArray[Any] = np.load(
            Path(self.folder, name), mmap_mode="r", allow_pickle=False
        )
        return found


def share_data(data: Any, folder: Path) -> Any:
    """Make data that can be sent to other processes cheaply.

    Args:
        data: What the ensemble was given.
        folder: Where a pair of arrays is written to, once; a mapping of arrays by one
            file for each.

    Returns:
        A stored pair; or the data itself.
    """
    files = _files(data)
    if files is None or not all(map(_has_numbers, files.values())):
        return data
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, values in files.items():
        plain = _storable(values) if isinstance(values, Tensor) else values
        with writing(folder / name), replacing_file(folder / name) as file:
            np.save(file, plain, allow_pickle=False)
    several = isinstance(data[0], Mapping)
    return SharedArrays(str(folder), tuple(map(str, data[0])) if several else None)


def _files(data: Any) -> dict[str, Any] | None:
    """Name the files of a pair of arrays, or of a mapping of arrays and labels."""
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        return None
    inputs, labels = data
    if not isinstance(inputs, Mapping):
        return {INPUTS: inputs, LABELS: labels}
    found = {NAMED.format(i): inputs[name] for i, name in enumerate(inputs)}
    return found | {LABELS: labels}


def _has_numbers(values: Any) -> bool:
    plain = isinstance(values, np.ndarray) and values.dtype.kind in "biuf"
    return plain or isinstance(values, Tensor)


def _storable(values: Tensor) -> NDArray[Any]:
    """Make an array of a tensor; floats that numpy does not know become float32."""
    plain = values.detach().cpu()
    known = not plain.is_floating_point() or plain.dtype in KNOWN
    found: NDArray[Any] = (plain if known else plain.float()).numpy()
    return found


class EnsembleData:
    """The examples of an ensemble, as one process reads them.

    Args:
        data: A pair of arrays, a stored one, or a data set.
        functions: Those of the user that make batches, and the columns to read.
        known: Names of the classes, where labels may be words.
    """

    def __init__(
        self,
        data: Any,
        functions: Functions = _NO_FUNCTIONS,
        known: KnownNames | None = None,
    ) -> None:
        opened = data.open() if isinstance(data, SharedArrays) else data
        self._examples = as_examples(
            opened,
            name="data",
            collate_fn=functions.collate_fn,
            columns=functions.columns,
            known=known,
        )

    def __len__(self) -> int:
        return len(self._examples)

    def relabel(self, labels: Tensor) -> EnsembleData:
        """Give the same inputs with other labels, int64, shape `(N,)`.

        Inputs that are in memory are shared.
        """
        found = copy(self)
        found._examples = self._examples.relabel(labels)
        if "tensors" in self.__dict__:
            found.__dict__["tensors"] = (self.tensors[0], labels)
        return found

    @property
    def note(self) -> str | None:
        """What was done to the shape of arrays, in one line."""
        return self._examples.note

    @property
    def labels_note(self) -> str | None:
        """How labels were read that are no whole numbers, in one line."""
        return self._examples.labels_note

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """Names of the classes, where the data set knows them."""
        return self._examples.class_names

    @cached_property
    def tensors(self) -> tuple[Nest, Tensor]:
        """Inputs `(N, …)`, or a nest of such, and labels `(N,)`, in memory."""
        return load(self._examples, torch.device("cpu"))

    def hold(self) -> None:
        """Read all examples into memory, while no other thread reads its own."""
        with one_at_a_time(EnsembleData):
            _ = self.tensors

    def validate(self, *, keep: bool, norms: bool) -> tuple[Tensor, str]:
        """Read everything once, and refuse numbers that no network can learn from.

        Args:
            keep: Whether the inputs stay in memory.
            norms: Whether an input of zeros alone, which has no cosine, is refused.

        Returns:
            Labels `(N,)`, and SHA-256 of all inputs and labels.

        Raises:
            FeatureError: If an input is NaN or infinite, or has no cosine.
            DataError: If items are no (input, label).
            LabelError: If labels are no integers.
        """
        digest = sha256()
        labels: list[Tensor] = []
        for inputs, given in self._batches(keep=keep):
            _check_inputs(inputs, sum(map(len, labels)), norms=norms)
            feed_digest(digest, inputs)
            feed_digest(digest, given)
            labels.append(given)
        return torch.cat(labels), digest.hexdigest()

    def features(self, seed: int) -> Tensor:
        """Read few features of all inputs, shape `(N, F)`; a seed of their choice."""
        batches = self._batches(keep="tensors" in self.__dict__)
        return reduce_inputs((inputs for inputs, _ in batches), seed=seed)

    def subset(self, rows: NDArray[np.intp], *, name: str) -> Examples:
        """View some of the examples, from memory where they are held there.

        Args:
            rows: Their positions, shape `(S,)`.
            name: What errors call them.

        Returns:
            A view.
        """
        if "tensors" not in self.__dict__:
            return self._examples.subset(rows, name=name)
        inputs, labels = self.tensors
        chosen = torch.from_numpy(rows)
        return Examples(
            name,
            len(rows),
            lambda some: (take(inputs, chosen[some]), labels[chosen[some]]),
            self.class_names,
            paths=self._examples.subset(rows, name=name).paths,
        )

    def dataset(self, rows: NDArray[np.intp]) -> MemberDataset:
        """Make what a training loop of the user's own reads.

        Args:
            rows: Positions of the examples that are trained on, shape `(S,)`.

        Returns:
            A data set of (input, label, index).
        """
        return MemberDataset(self._examples, rows)

    def _batches(self, *, keep: bool) -> Iterator[tuple[Nest, Tensor]]:
        if not keep:
            yield from self._examples.batches(1024)
            return
        inputs, labels = self.tensors
        for start in range(0, len(labels), 1024):
            some = slice(start, start + 1024)
            yield take(inputs, some), labels[some]


def _check_inputs(inputs: Nest, start: int, *, norms: bool) -> None:
    bad = not_finite(inputs)
    if len(bad):
        raise FeatureError(
            f"The input of data[{start + int(bad[0])}] is NaN or infinite; clean the "
            "inputs."
        )
    if not norms or not isinstance(inputs, Tensor):
        return
    zero = (inputs.flatten(1) == 0).all(1).nonzero().flatten()
    if len(zero):
        raise FeatureError(
            f"The input of data[{start + int(zero[0])}] is zero, so it has no cosine; "
            "choose metric='euclidean', or leave the example out."
        )


class MemberDataset(Dataset[tuple[Any, int, int]]):
    """The examples that one member is trained on: items are (input, label, index).

    The index is the example's position in the ensemble's data, which `Recorder.record`
    wants.

    Attributes:
        indices: Positions of the examples, shape `(S,)`.
    """

    def __init__(self, examples: Examples, indices: NDArray[np.intp]) -> None:
        self._examples = examples.subset(indices, name="train")
        self.indices = indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, item: int) -> tuple[Any, int, int]:
        if not -len(self) <= item < len(self):
            raise IndexError(f"The member has {len(self)} examples, none at {item}.")
        place = item % len(self)
        inputs, labels = self._examples.read(slice(place, place + 1))
        return (
            take(inputs, 0),
            int(labels[0]),
            int(self.indices[place]),
        )
