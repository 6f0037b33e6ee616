"""Generated tables say what the code says, and nothing public is forgotten."""

import re
from importlib import import_module

import numpy as np
import pytest
import torch
from guide_extension.reference import face_text, faces, faces_table
from guide_extension.rooms import rooms_table
from guide_extension.tables import (
    columns_table,
    definitions_table,
    measures_table,
    methods_table,
    sources_table,
)

import depthviz as dv
from depthviz.difficulty import MEASURES
from depthviz.selection import METHODS
from tests.paths import ROOT
from tests.test_package import FACES


def rows(table: str) -> list[list[str]]:
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_measures_table_equals_the_measures() -> None:
    assert rows(measures_table()) == [
        [
            f"`{one.name}`",
            one.title,
            one.harder or "neither",
            one.keep or "",
            one.help,
        ]
        for one in MEASURES.values()
    ]


def test_definitions_table_has_every_measure() -> None:
    table = definitions_table().splitlines()[2:]
    for line, one in zip(table, MEASURES.values(), strict=True):
        assert line.startswith(f"| `{one.name}` |")
        assert one.formula.replace("|", r"\|") in line
        assert line.endswith(f"| {one.reference} |")


def test_methods_table_has_every_method_with_its_rule() -> None:
    for cells, one in zip(rows(methods_table()), METHODS.values(), strict=True):
        assert cells[:3] == [f'`"{one.name}"`', one.title, one.rule]
        assert cells[4:] == ["yes" if one.ordered else "no", one.reference]


def test_the_readme_has_the_measures_that_there_are() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert f"<!-- measures -->\n{sources_table()}\n\n" in text
    listed = [name for row in rows(sources_table()) for name in row[1].split(", ")]
    assert len(set(listed)) == len(listed)
    study = {name for name, one in MEASURES.items() if one.compute}
    assert study <= {name.strip("`") for name in listed}


def test_columns_table_has_every_column_of_a_study() -> None:
    data = np.random.default_rng(0).normal(size=(40, 3)), np.arange(40) % 2
    net = torch.nn.Linear(3, 2)
    study = dv.measure(net, data, k=5, projection=None, progress=False)
    named = [row[0].strip("`") for row in rows(columns_table())]
    assert set(study.frame().columns) <= set(named)
    assert len(named) == len(set(named))


def test_rooms_table_has_every_room_with_a_sentence() -> None:
    table = {row[0]: row[1] for row in rows(rooms_table())}
    files = {
        path.name
        for path in (ROOT / "depthviz").iterdir()
        if path.name[0] not in "_p" or path.name in {"probes", "projections"}
    }
    assert {name.strip("`").removeprefix("depthviz/") for name in table} == files
    assert all(sentence.endswith(".") for sentence in table.values())


def test_reference_covers_every_face() -> None:
    assert set(FACES) - set(faces()) <= {
        "depthviz.checks",
        "depthviz.cli",
        "depthviz.lazy",
        "depthviz.version",
    }
    assert [row[0] for row in rows(faces_table())] == [
        f"[`{face}`](api/{face}.md)" for face in faces()
    ]


@pytest.mark.parametrize("face", faces())
def test_reference_names_everything_that_a_face_publishes(face: str) -> None:
    text = face_text(f"api/{face}")
    for name in import_module(face).__all__:
        assert f"{face}.{name}\n" in text or f"`{name} <" in text


def test_each_file_that_the_guide_says_to_open_is_there() -> None:
    text = (ROOT / "notebooks" / "structure.md").read_text(encoding="utf-8")
    table = text.partition("## Where to change something")[2].partition("\n## ")[0]
    named = re.findall(r"`((?:depthviz|js)/[^`]+)`", table)
    assert len(named) >= 20
    assert [path for path in named if not (ROOT / path).is_file()] == []
