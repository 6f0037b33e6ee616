"""A study as a document: which sections it has, its title, and what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from depthviz.checks import one_of
from depthviz.errors import ArgumentError, StudyError
from depthviz.reports.contents.asking import Ask
from depthviz.reports.contents.finding import Finding
from depthviz.reports.contents.found import find_findings
from depthviz.reports.contents.listings import list_tables
from depthviz.reports.contents.numbers import describe_count, percent
from depthviz.reports.contents.sections import (
    add_notes,
    list_caveats,
    show_explorer,
    show_figures,
    show_groups,
    tell_annotations,
    tell_findings,
    tell_provenance,
)
from depthviz.reports.document import Document, Part, Section
from depthviz.study import Study
from depthviz.study.members import is_ensemble

__all__ = ["SECTIONS", "assemble", "choose_sections"]

Make = Callable[[Study, list[Finding], Ask], Iterable[Part]]
SECTIONS: dict[str, tuple[str, Make]] = {
    "findings": ("Findings", tell_findings),
    "figures": ("Figures", show_figures),
    "groups": ("Groups", show_groups),
    "annotations": ("Annotations", tell_annotations),
    "caveats": ("Caveats", list_caveats),
    "explorer": ("Explorer", show_explorer),
    "notes": ("Notes", add_notes),
    "tables": ("Tables", list_tables),
    "provenance": ("Provenance", tell_provenance),
}


def assemble(study: Study, ask: Ask) -> Document:
    """Put a report together.

    Args:
        study: What to report.
        ask: What was asked for.

    Returns:
        The document.

    Raises:
        ArgumentError: As of `choose_sections`.
        StudyError: If the study has no examples.
    """
    wanted = choose_sections(ask.sections, has_store=ask.annotations is not None)
    if not len(study):
        raise StudyError("This study has no examples, so there is nothing to report.")
    found = find_findings(study)
    made = {name: tuple(SECTIONS[name][1](study, found, ask)) for name in wanted}
    sections = [
        Section(name, SECTIONS[name][0], parts) for name, parts in made.items() if parts
    ]
    return Document(
        title=ask.title or (found[0].says if found else _plain_title(study)),
        about=_about(study),
        sections=tuple(sections),
        introduction=ask.introduction or "",
    )


def choose_sections(names: Sequence[str] | None, *, has_store: bool) -> list[str]:
    """Check which sections are asked for, before anything is computed.

    Args:
        names: Theirs; None for all that there can be.
        has_store: Whether there is a store of annotations.

    Returns:
        Their names, in order.

    Raises:
        ArgumentError: If one is unknown, stands twice, or needs a store.
    """
    if names is None:
        return [name for name in SECTIONS if has_store or name != "annotations"]
    if isinstance(names, str):
        raise ArgumentError(f"sections must be a list of names, got {names!r}.")
    chosen = [one_of("a section", name, tuple(SECTIONS)) for name in names]
    if len(set(chosen)) < len(chosen) or not chosen:
        raise ArgumentError(
            f"sections must name at least one section, each once; got {chosen}."
        )
    if "annotations" in chosen and not has_store:
        raise ArgumentError(
            "The section 'annotations' tells what a store holds. Give it: "
            "report(..., annotations=depthviz.annotations.open(place))."
        )
    return chosen


def _plain_title(study: Study) -> str:
    probes = describe_count(len(study.probes), "probe")
    return f"{describe_count(len(study))}, {probes}"


def _about(study: Study) -> str:
    """Of what, measured how, in a line."""
    facts = study.dataset.attrs
    said = [str(facts["title"])] if facts.get("title") else []
    k = facts.get("k")
    how = f"read at {describe_count(len(study.probes), 'probe')}"
    if k:
        how += f" by the {k} nearest neighbors of each example"
    if is_ensemble(study.dataset):
        members = study.dataset.sizes["member"]
        share = facts.get("holdout")
        kept = (
            f", each trained on {percent(1 - share)} of the examples" if share else ""
        )
        said.append(f"{describe_count(members, 'network')}{kept}, {how}")
    else:
        network = facts.get("network")
        said.append(f"One network{f' ({network})' if network else ''}, {how}")
    if made := str(facts.get("created", ""))[:10]:
        said.append(made)
    return ". ".join(said) + "."
