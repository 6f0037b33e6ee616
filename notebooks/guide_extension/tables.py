"""Tables of measures and columns, read from the code."""

from collections.abc import Iterable, Sequence

from depthviz.difficulty import MEASURES
from depthviz.study.table import ORDER

__all__ = ["columns_table", "markdown_table", "measures_table"]

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
    """List every measure with its harder end."""
    rows = [(f"`{m.name}`", m.title, m.harder, m.help) for m in MEASURES.values()]
    return markdown_table(("column", "title", "harder", "what it measures"), rows)


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
