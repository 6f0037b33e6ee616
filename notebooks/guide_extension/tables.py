"""Tables of measures and columns, read from the code."""

from collections.abc import Iterable, Sequence

from depthviz.difficulty import MEASURES, Measure
from depthviz.selection import METHODS
from depthviz.study.table import ORDER

__all__ = [
    "columns_table",
    "definitions_table",
    "markdown_table",
    "measures_table",
    "methods_table",
    "sources_table",
]

# What a measure is computed from, in the order of the README's table.
_SOURCES = {
    "one network and its probes: `dv.measure`": {"votes"},
    "networks on different splits: `dv.Ensemble`": {
        "ensemble",
        "held-out probabilities",
    },
    "a training record: `study.add(…, record=)`": {
        "record",
        "record with errors",
        "second stage",
    },
    "a network's outputs: `study.add(…, model=, data=)`": {"logits", "input gradients"},
    "its embeddings: `study.add(…, model=, data=)`": {"embeddings"},
}

# What is no measure; a column without a description here fails the build.
_FACTS = {
    "split": "`train` or `validation`; of many networks, that of the shown member.",
    "label": "The given class.",
    "label_name": "Name of the given class, unless all names are numbers.",
    "given_label": "Where labels were planted: the label before, for every example.",
    "data_label": "Where `labels=` was given: the label that the data holds.",
    "planted": "Whether the label was changed on purpose, by `planted=`.",
    "path": "File of the example, where the data set keeps a list of its files, as "
    "torchvision's `ImageFolder` does.",
    "prediction": "The network's class; of many networks, the shown member's.",
    "correct": "Whether the prediction equals the label.",
    "label_probability": "Softmax probability of the given class.",
    "trained_on": "Number of networks that trained on the example.",
    "held_out": "Number of networks that held the example out.",
    "undecided": "Whether even the softmax probe disagrees with the prediction.",
    "group": "Where both depths lie; see [Groups](many_networks.md#groups).",
    "group_confidence": "Share of resamples of the networks in which the example falls "
    "into its group.",
    "suggested_label": "The best class by the evidence other than the given one; "
    "-1 where nothing can be said.",
    "consensus_class": "Class that most networks not trained on the example predict.",
}
_ERROR = "_se"


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def measures_table() -> str:
    """List every measure with its harder end, and the end that its authors keep."""
    rows = [
        (f"`{m.name}`", m.title, m.harder or "neither", m.keep or "", m.help)
        for m in MEASURES.values()
    ]
    return markdown_table(
        ("column", "title", "harder", "kept", "what it measures"), rows
    )


def methods_table() -> str:
    """List every method of selection with its rule, and what it needs."""
    rows = [
        (
            f'`"{m.name}"`',
            m.title,
            m.rule,
            f"{m.needs}; `{m.by}` unless told" if m.by else m.needs,
            "yes" if m.ordered else "no",
            m.reference,
        )
        for m in METHODS.values()
    ]
    return markdown_table(
        ("method", "known as", "what is kept", "chooses by", "ordered", "from"), rows
    )


def definitions_table() -> str:
    """List the definition and the origin of every measure, and what it needs."""
    rows = [
        (
            f"`{m.name}`",
            f"`{m.formula}`".replace("|", r"\|"),
            ", ".join(sorted(m.needs)),
            m.reference,
        )
        for m in MEASURES.values()
    ]
    return markdown_table(("column", "definition", "needs", "from"), rows)


def sources_table() -> str:
    """List the measures that there are by what they are computed from."""
    rows = []
    for source, needs in _SOURCES.items():
        names = [
            f"`{m.name}`"
            for m in MEASURES.values()
            if m.needs & needs and _source_of(m) == source and _is_ready(m)
        ]
        rows.append((source, ", ".join(names)))
    return markdown_table(("from", "measures"), rows)


def _source_of(measure: Measure) -> str:
    """The last source that a measure needs: embeddings count before outputs."""
    found = [name for name, needs in _SOURCES.items() if measure.needs & needs]
    return found[-1]


def _is_ready(measure: Measure) -> bool:
    of_study = measure.needs <= {"votes", "ensemble", "given"}
    return of_study or measure.compute is not None


def columns_table() -> str:
    """List the columns of a study's table in their order."""
    more = [*MEASURES, "suspicion_se", *_FACTS]
    names = list(dict.fromkeys([*ORDER, *more]))
    rows = [(f"`{name}`", *_describe(name)) for name in names]
    return markdown_table(("column", "kind", "meaning"), rows)


def _describe(name: str) -> tuple[str, str]:
    if name in MEASURES:
        return "measure", MEASURES[name].help
    if name.endswith(_ERROR):
        return "standard error", f"Standard error of `{name.removesuffix(_ERROR)}`."
    return "fact", _FACTS[name]
