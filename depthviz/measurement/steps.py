"""The steps of a measurement, all arguments checked: probes, passes, one dataset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from torch import nn

from depthviz.datasets.labels import describe_values
from depthviz.datasets.skipping import take_kept
from depthviz.embeddings import Probe
from depthviz.embeddings.choice import find_probes
from depthviz.embeddings.state import home
from depthviz.embeddings.stream import embedding_sizes
from depthviz.embeddings.structure import Wanted, chosen_by
from depthviz.machine.console import print_line
from depthviz.machine.seeds import kept_random_state
from depthviz.measurement.assembly import assemble
from depthviz.measurement.examples.ids import find_ids, name_examples
from depthviz.measurement.examples.originals import FILES, read_originals
from depthviz.measurement.examples.reading import known_names, read_splits
from depthviz.measurement.examples.splits import Splits
from depthviz.measurement.looks.first import look_at_inputs
from depthviz.measurement.looks.names import Naming, configured_names
from depthviz.measurement.looks.padding import check_padding
from depthviz.measurement.looks.previews import read_preview
from depthviz.measurement.maps import HOW_LATER, add_maps, try_maps
from depthviz.measurement.options import MeasureOptions
from depthviz.measurement.passes import Passes
from depthviz.measurement.progress import (
    describe_choice,
    describe_finding,
    report_lowest_recall,
)
from depthviz.measurement.provenance import describe_examples, describe_measurement
from depthviz.measurement.thumbnails import Thumbnails
from depthviz.study.container import Study
from depthviz.study.storage.later_maps import maps_are_awaited

__all__ = ["Shown", "measure_data"]

NO_LOGITS = (
    "The network returns no logits: there is no softmax probe and no confidence, and "
    "what stands as its prediction is the vote of the last probe, {}."
)


class Shown(NamedTuple):
    """What a person sees of a study, as the caller of `measure` gives it."""

    images: Any = "auto"
    preview: Any = "auto"
    class_names: Sequence[str] | None = None
    title: str | None = None
    ids: Any = None


def measure_data(
    model: nn.Module,
    given: tuple[Any, Any],
    probes: Wanted | Sequence[str | Probe],
    *,
    shown: Shown,
    options: MeasureOptions,
) -> Study:
    """Read the data, training and validation, measure them, and name the examples."""
    known = known_names(shown.class_names, model)
    splits = read_splits(*given, options, known)
    names = find_ids(shown.ids, splits)
    preview = read_preview(shown.preview, splits, given)
    pictures = Thumbnails(splits.count, _find_images(shown.images, splits))
    with kept_random_state(options.device):
        study = _measure(
            model,
            splits,
            probes,
            class_names=shown.class_names,
            pictures=pictures,
            options=options,
        )
    return _present(study, shown.title, preview, names)


def _find_images(images: Any, splits: Splits) -> Any:
    """Read picture files where asked; of given pictures take those that are left."""
    if isinstance(images, str) and images == FILES:
        return read_originals(splits.paths)
    if splits.kept is None or images is None or isinstance(images, str):
        return images
    return take_kept(images, splits.kept)


def _present(
    study: Study, title: str | None, preview: Any, ids: list[Any] | None
) -> Study:
    """Add what a person sees of a study: its title, and what its examples are."""
    study = study if title is None else Study(study.dataset.assign_attrs(title=title))
    if ids is not None:
        study = Study(name_examples(study.dataset, ids))
    return study if preview is None else study.with_preview(preview)


def _measure(
    model: nn.Module,
    splits: Splits,
    probes: Wanted | Sequence[str | Probe],
    *,
    class_names: Sequence[str] | None,
    pictures: Thumbnails,
    options: MeasureOptions,
) -> Study:
    """Measure, all arguments checked: probes, passes, then one dataset."""
    for note in splits.notes if options.progress else ():
        print_line(note)
    first = look_at_inputs(model, splits, options)
    choice = find_probes(model, first, probes, call=options.call)
    chosen, left_out = choice.probes, choice.left_out
    sizes = embedding_sizes(
        model, first, chosen, device=options.device, forward=options.call
    )
    if options.progress and isinstance(probes, str | int):
        timed = options.device == home(model)
        print_line(describe_choice(choice, sizes, splits.count, timed=timed))
    for said in (choice.pools, left_out):
        if options.progress and said:
            print_line(said)
    check_padding(model, splits, chosen, options)
    named = Naming(splits, class_names, configured_names(model)).given
    head = sizes.get("softmax", 0)
    splits = splits.numbered(head) if head else splits
    if options.progress and splits.values is not None:
        print_line(describe_values(splits.values))
    naming = Naming(splits, class_names, configured_names(model))
    names = naming.of(head) if head else ()
    named = named or (bool(names) and names == naming.configured)
    found = Passes(
        model, splits, chosen, sizes, options, on_inputs=pictures.add, named=named
    ).run()
    names = names or naming.of_labels(found.record.labels)
    if options.progress and not head:
        print_line(NO_LOGITS.format(chosen[-1].name))
    if options.progress and found.arrays.recall is not None:
        report_lowest_recall(found.arrays.recall, [probe.name for probe in chosen])
    dataset = assemble(
        found, splits, chosen, class_names=names, options=options, pictures=pictures
    )
    made = describe_measurement(model, chosen, options, found, chosen_by(probes))
    noted = describe_examples(splits) | ({"left_out": left_out} if left_out else {})
    if not head:
        noted |= {"classes": len(names), "prediction_is": "the vote of the last probe"}
    study = Study(dataset.assign_attrs(made | noted))
    if options.progress:
        print_line(describe_finding(study.dataset))
    waits = options.projection == "later" or not maps_are_awaited(study.dataset)
    return study if waits else _with_maps(study, progress=options.progress)


def _with_maps(study: Study, *, progress: bool) -> Study:
    """Make the maps, unless a person has them stopped."""
    try:
        return try_maps(add_maps, study, progress=progress)
    except KeyboardInterrupt:
        print_line(f"Stopped: the study is there, without its maps. {HOW_LATER}")
    return study
