"""From a trained network and its data to a study.

This is where the parts meet: embeddings at the probes, neighbors, votes, depth, maps.
Each is a function of arrays that lives elsewhere; here is only their order, the memory
they may take, and what is written down about them.

One forward pass fills as many probes as memory and disk hold, so a small `memory_limit`
costs time and changes nothing else, unless what exceeds it is stored as float16. The
same seed gives the same study.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any, Literal

import torch
from torch import nn

from depthviz.checks import renamed_keywords
from depthviz.datasets.nested.batching import Collate
from depthviz.embeddings import Probe
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.structure import Wanted, check_wanted
from depthviz.machine.ambient import neutral_state
from depthviz.machine.exhaustion import explained_memory
from depthviz.measurement.options import (
    check_images,
    check_model,
    check_names,
    read_options,
)
from depthviz.measurement.steps import Shown, measure_data
from depthviz.probes import Ties
from depthviz.study.container import Study
from depthviz.study.conventions.definition import CompareWith

__all__ = ["measure"]


@renamed_keywords(itself="include_self")
@explained_memory()
@neutral_state()
def measure(
    model: nn.Module,
    train: Any,
    validation: Any = None,
    *,
    probes: Wanted | Sequence[str | Probe] = "auto",
    k: int = 30,
    device: str | torch.device = "auto",
    progress: bool = True,
    metric: Literal["euclidean", "cosine"] = "euclidean",
    projection: Literal["umap", "umap-learn", "pca", "later"] | None = "umap",
    images: Any = "auto",
    preview: Any = "auto",
    class_names: Sequence[str] | None = None,
    title: str | None = None,
    batch_size: int = 256,
    memory_limit: int | None = None,
    seed: int = 0,
    search: str = "exact",
    executor: Executor | None = None,
    scratch: str | os.PathLike[str] | None = None,
    scratch_type: Literal["float32", "float16"] = "float32",
    ties: Ties = "nearest",
    include_self: bool = False,
    compare_with: CompareWith = "prediction",
    collate_fn: Collate | None = None,
    forward: Forward | None = None,
    input: str | Sequence[str] | None = None,
    label: str | None = None,
    ids: Any = None,
    on_error: Literal["raise", "skip"] = "raise",
) -> Study:
    """Measure at which depth a trained network decides each example.

    Arrays are made ready for a network: uint8 is scaled to [0, 1], other floats become
    float32; grey pictures `(N, H, W)` get a channel; channels that come last are moved
    first, in floats only where both sides have 8 pixels or more. One line says so where
    a shape has changed. Items of a data set are given as they are, so a `TensorDataset`
    keeps arrays untouched. The network gets floats in the type of its own parameters.

    Inputs may be several tensors, or whole numbers: arrays `(N, T)` of int64 or int32
    are token ids; a mapping of arrays, and items that are mappings or tuples of
    tensors, are given by name or in order. Names that the network's forward does not
    take are left out. Between such inputs there is no distance, so there is no probe
    "input".

    However many examples there are, embeddings and their exact search take at most
    `memory_limit`. Beyond it are the network with a batch of activations, the data as
    you hold it, labels and logits of all examples, 64 MiB, 1 kB a feature and 128 bytes
    an example where PCA makes the maps, some 200 MiB and 64 to 256 bytes a training
    example and probe to judge the maps by, and the study itself: its pictures, and some
    30 bytes for each of the K neighbors of an example at a probe. An approximate search
    holds its index as well, mostly as large as the embeddings of a probe; with an
    `executor`, half of the limit is that of each task, however many run at once.

    Embeddings that exceed their half wait in files without a name, which are gone when
    the process is, however it ends; what exceeds the disk as well takes further passes.
    On a GPU the limit is that of its memory, and passes come before the disk, which
    only a probe too large for the GPU goes to.

    Args:
        model: The network, from inputs to logits `(B, C)`. It is measured in evaluation
            mode and given back as it was. A backbone without a head, which returns
            features, is measured where compare_with is not "prediction".
        train: The examples that vote: a pair of arrays, or a map-style data set of
            (input, label) or of mappings with their label under "label" or "labels",
            the same in every pass. The inputs of a pair may be a mapping of arrays. A
            table of pandas, with `label`; or an iterable data set that has a length.
            Labels are whole numbers, whole floats, truth values, one-hot rows, or
            words, by the names of the classes; numbers beyond the classes stand for
            them in their order where there are as many.
        validation: Further examples, which do not vote.
        probes: Paths of modules in the network's order; or "auto" and "blocks" for
            its blocks, at most 32; "stages" for the last block of each stage; or a
            number of blocks, evenly taken. `depthviz.embeddings.choose_probes` shows
            the choice.
        k: Number of neighbors that vote.
        device: Where to compute; "auto" takes a GPU if there is one.
        progress: Whether to show bars, the choice of probes, and a changed shape.
        metric: Distance between embeddings.
        projection: Method of the maps: "umap", by `depthviz.projections.umap_layers`;
            "umap-learn", by that library, many times slower; "pca"; "later", those of
            "umap" when they are first looked at; None makes none.
        images: "auto" keeps inputs that are pictures; "files" thumbnails of the files
            that the data keep the paths of, as they were before any transform; an array
            of N pictures, training examples first, keeps those; None keeps none.
        preview: What is seen of examples that are no pictures, training examples first,
            as in `Study.with_preview`. "auto" takes the column "text" or "sentence" of
            a data set that has columns, or of the items that collate_fn gets; None
            takes none.
        class_names: Names of the C classes; by default the data set's, else numbers.
        title: Heading of the study.
        batch_size: Examples in a forward pass.
        memory_limit: Bytes for embeddings and search, half each; by default about half
            of what is free.
        seed: Decides the maps, in 0..2**32 - 1; everything else draws nothing.
        search: "exact"; or "faiss:" and a string for faiss' index factory, such as
            "faiss:IVF1024,Flat", for many millions of examples: approximate, and
            `search_recall` in the study says how much it found at each probe.
        executor: Runs exact searches in shards: any executor of `concurrent.futures`,
            or Dask's `client.get_executor()`; None searches in this process.
        scratch: Folder for embeddings that exceed the memory; by default the system's
            temporary folder, or `/var/tmp` where that lies in memory and would be no
            help. It should be on a fast disk.
        scratch_type: How numbers are stored there. "float16" halves the bytes and
            rounds those embeddings, all but the softmax, so some neighbors differ; the
            study says which probes were stored.
        ties: Which of tied labels wins a vote: that of the nearest neighbor; the
            "smallest"; or that which "fewer neighbors" leave. `knn_vote` says more.
        include_self: Whether a training example is among its own neighbors, as in many
            public codes, or is left out by index. Suspicion and the maps leave it out
            in any case.
        compare_with: The class that `depth` compares votes with: the network's
            "prediction", the given "label", or the vote of the "last probe".
        collate_fn: Makes a batch of a list of items, (inputs, labels) or a mapping with
            labels, such as `transformers.DataCollatorWithPadding(tokenizer)` for texts
            of several lengths; by default items are stacked.
        forward: Calls the network with a batch on its device, `lambda model, batch:
            logits`, where its own call is another.
        input: Column that is the network's input, of data that have columns (a table, a
            `Dataset` of Hugging Face, a data set of mappings); a list of them is given
            by their names; by default all but the label.
        label: Column of labels.
        ids: The examples' own names, strings or whole numbers, training examples first;
            by default those of a table's index, else positions.
        on_error: "skip" leaves out examples that raise when they are read, or whose
            input is NaN or infinite; the study keeps which, in its attribute `skipped`.

    Returns:
        The study: one row per example, training examples first.

    Raises:
        ArgumentError: If an argument is not as described, before anything is read; or
            an approximate search finds too few neighbors.
        DataError: If the data is not (input, label), or changes between passes.
        LabelError: If labels are no integers, or classes disagree.
        FeatureError: If embeddings cannot be compared, or a split is empty.
        ShapeError: If there are fewer than k + 1 training examples, inputs have several
            shapes, or images are not N pictures, or preview not of N examples.
        MemoryLimitError: If the memory runs out all the same.
        ModelError: If the network cannot take the inputs, has no weights, returns no
            logits, or logits that are random or depend on the rest of the batch; or a
            probe's module does not run, is TorchScript or returns no row for each
            example.
        ProbeError: If the probes named are not the network's.
        DependencyError: If the search or maps asked for need a missing library.
        DeviceError: If this machine has no such device.
        ScratchError: If embeddings fit neither memory nor disk, reported before any
            pass, or the disk fills up meanwhile.
        TaskError: If a task of the executor fails.
    """
    _check_wishes(model, probes, images, class_names, title)
    options = read_options(
        k=k,
        metric=metric,
        projection=projection,
        batch_size=batch_size,
        device=device,
        memory_limit=memory_limit,
        seed=seed,
        progress=progress,
        search=search,
        executor=executor,
        scratch=scratch,
        scratch_type=scratch_type,
        ties=ties,
        include_self=include_self,
        compare_with=compare_with,
        collate_fn=collate_fn,
        forward=forward,
        input=input,
        label=label,
        on_error=on_error,
    )
    shown, data = Shown(images, preview, class_names, title, ids), (train, validation)
    return measure_data(model, data, probes, shown=shown, options=options)


def _check_wishes(
    model: Any, probes: Any, images: Any, class_names: Any, title: Any
) -> None:
    """Refuse what is no argument, before anything is read (`ArgumentError`)."""
    check_model(model)
    check_wanted(probes)
    check_images(images)
    check_names(class_names, title)
