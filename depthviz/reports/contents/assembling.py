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

__all__ = ["SECTIONS", "assemble"]

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
        ArgumentError: If a section is unknown, or one that stands twice.
        StudyError: If the study has no examples.
    """
    if not len(study):
        raise StudyError("This study has no examples, so there is nothing to report.")
    found = find_findings(study)
    wanted = _wanted(ask.sections)
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


def _wanted(names: Sequence[str] | None) -> list[str]:
    if names is None:
        return list(SECTIONS)
    if isinstance(names, str):
        raise ArgumentError(f"sections must be a list of names, got {names!r}.")
    chosen = [one_of("a section", name, tuple(SECTIONS)) for name in names]
    if len(set(chosen)) < len(chosen) or not chosen:
        raise ArgumentError(
            f"sections must name at least one section, each once; got {chosen}."
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
