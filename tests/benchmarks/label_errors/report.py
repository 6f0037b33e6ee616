"""The tables of the benchmark, from what was found on each label set.

A score's figure has a + where suspicion is better and a - where it is worse, by a
paired interval of the difference that is clear of 0.
"""

from collections.abc import Mapping
from typing import Any

from tests.benchmarks.label_errors.figures import FIGURES, Figure
from tests.benchmarks.label_errors.scores import CLEANLAB
from tests.benchmarks.tables import table, target

__all__ = ["LEGEND", "report", "score_rows"]

DIFFERENT, EASY = "looks like a different class", "easy"
NAMES = dict(
    zip(
        FIGURES,
        ("AUROC", "average precision", "precision at the true number of wrong labels"),
        strict=True,
    )
)
MARKS = {1: " +", 0: "", -1: " -"}
LEGEND = (
    "+: suspicion is better, -: it is worse, each where the 95 % interval of the paired"
    " difference over examples is clear of 0."
)
QUESTIONS = {
    "wrong labels": "wrong labels, AUROC",
    "ambiguous": "ambiguous for people, rank correlation",
    "hard": "hard to learn, rank correlation",
}
Found = Mapping[str, Mapping[str, Any]]


def report(found: Found) -> str:
    """Write all tables about some label sets, by the names of set and part."""
    parts = sorted({part for each in found.values() for part in each})
    members = [part for part in parts if part.endswith("members")]
    texts = [_about(found)]
    for part in [*reversed(members), "by heart", "short"]:
        texts += [_scores(found, part, figure) for figure in FIGURES]
    texts += [_groups(found), _rare(found), *_questions(found)]
    texts.append(_targets(found, members[-1] if members else ""))
    return "\n".join(text for text in texts if text)


def _about(found: Found) -> str:
    rows = []
    for name, parts in found.items():
        for part, each in parts.items():
            if "scores" in each:
                rows.append(
                    [
                        *(name, part, each["examples"], each["wrong"]),
                        *(each["trained"], each.get("held out"), each.get("epochs")),
                    ]
                )
    header = ["label set", "networks", "examples", "wrong", "accuracy trained"]
    return table("**Networks.**", [*header, "held out", "epochs"], rows)


def _scores(found: Found, part: str, figure: str) -> str:
    """Write a table of scores by label sets, "" where there is none."""
    sets = {
        name: parts[part]["scores"] for name, parts in found.items() if part in parts
    }
    if not sets:
        return ""
    names = list(next(iter(sets.values())))
    rows = [
        [name, *(_cell(Figure(*scores[name][figure])) for scores in sets.values())]
        for name in names
    ]
    title = f"**{part}: {NAMES[figure]}.** {LEGEND}"
    return table(title, ["score", *sets], rows)


def score_rows(scores: Mapping[str, Mapping[str, Figure]]) -> list[list[str]]:
    """Write a row a score: its name, and each of its figures."""
    return [[name, *map(_cell, each.values())] for name, each in scores.items()]


def _cell(figure: Figure) -> str:
    return f"{figure.value:.3f}{MARKS[figure.clear]}"


def _groups(found: Found) -> str:
    sets = {name: each["groups"] for name, each in found.items() if "groups" in each}
    if not sets:
        return ""
    rows = [
        [name, *(_size(groups[name]) for groups in sets.values())]
        for name in next(iter(sets.values()))
    ]
    title = "**Groups: how many times the base rate of wrong labels, and examples.**"
    return table(title, ["group", *sets], rows)


def _size(group: tuple[int, float]) -> str:
    size, times = group
    return f"{times:.2f} ({size:,})" if size else "none"


def _rare(found: Found) -> str:
    rows = [
        [
            *(name, given, each["examples"], each["wrong"], _interval(each["auroc"])),
            *(each["wrong found"], each["right flagged"]),
        ]
        for name, parts in found.items()
        for given, each in parts.get("rare class", {}).items()
    ]
    title = (
        "**A rare class, by given label.** The last columns are the shares of its wrong"
        " and of its right labels that are among as many most suspicious examples as"
        " are wrong in all."
    )
    header = ["label set", "given label", "examples", "wrong", "AUROC", "wrong found"]
    return table(title, [*header, "right flagged"], rows) if rows else ""


def _questions(found: Found) -> list[str]:
    texts = []
    for name, parts in found.items():
        if "questions" not in parts:
            continue
        part = parts["questions"]
        rows = [
            [column, *(_interval(each[key]) for key in QUESTIONS), each["first"]]
            for column, each in part["columns"].items()
        ]
        first = f"first {part['first']:,}: wrong or disputed"
        title = (
            f"**{name}: which column for which question.** Larger is better for all."
            " Ambiguous: entropy of what three people said. Hard: C-score. Disputed:"
            f" these people differ; {part['worth a look']:.3f} of all are wrong or"
            " disputed."
        )
        texts.append(table(title, ["column", *QUESTIONS.values(), first], rows))
    return texts


def _interval(values: tuple[float, float, float]) -> str:
    value, low, high = values
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def _targets(found: Found, part: str) -> str:
    """Say which targets are met, and the whole interval of each difference."""
    lines = []
    for name, parts in found.items():
        scores = parts.get(part, {}).get("scores", {})
        for rival in list(CLEANLAB)[:2]:
            if rival in scores:
                ahead = Figure(*scores[rival]["auroc"]).ahead
                what = f"{name}, AUROC ahead of {rival}: {_signed(ahead)}, lower end"
                lines.append(target(what, ahead[1], least=0.0))
        groups = parts.get("groups", {})
        if DIFFERENT in groups:
            most, least = groups[DIFFERENT][1], groups[EASY][1]
            lines.append(target(f"{name}, {DIFFERENT!r} / base rate", most, least=2.5))
            lines.append(target(f"{name}, {EASY!r} / base rate", least, most=0.3))
    return "\n".join(lines)


def _signed(values: tuple[float, float, float]) -> str:
    value, low, high = values
    return f"{value:+.3f} [{low:+.3f}, {high:+.3f}]"
