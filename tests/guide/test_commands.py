"""Every command in the README and the guide exists, with the options that it names."""

import json
import re
import tomllib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from depthviz.cli import main
from tests.guide.pages import NOTEBOOKS, PAGES, commands, text_of
from tests.paths import ROOT

CASES = sorted({command for path in [*PAGES, *NOTEBOOKS] for command in commands(path)})
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
TOOLS = {"pip", "pytest", "sphinx"}  # their options are theirs


def check_depthviz(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([words[0], "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    for word in words[1:]:
        assert not word.startswith("-") or word in text


def check_module(words: list[str]) -> None:
    module = words[0]
    spec = find_spec(module)
    assert spec is not None
    if module in TOOLS:
        return
    if spec.submodule_search_locations:
        spec = find_spec(f"{module}.__main__")
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text(encoding="utf-8")
    for word in words[1:]:
        assert word.isdigit() or word.removeprefix("--") in text


def check_npm(words: list[str]) -> None:
    package = json.loads((ROOT / "js" / "package.json").read_text(encoding="utf-8"))
    assert words == ["ci"] or words[1] in package["scripts"]


def check_jupyter(words: list[str]) -> None:
    assert words[0] in {"lab", "nbconvert"}
    assert (ROOT / words[-1]).is_file()


@pytest.mark.parametrize("command", CASES)
def test_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = re.sub(r"^(\w+=\S+ )+", "", command).split()
    checks: dict[str, Callable[[], None]] = {
        "depthviz": lambda: check_depthviz(words[1:], capsys),
        "python": lambda: check_module(words[2:]),
        "npm": lambda: check_npm(words[1:]),
        "jupyter": lambda: check_jupyter(words[1:]),
        "pip": lambda: None,
    }
    checks[words[0]]()
    for extra in re.findall(r"\[([a-z,]+)\]", command):
        assert set(extra.split(",")) <= set(EXTRAS)


def test_all_kinds_of_commands_are_found() -> None:
    assert {"depthviz", "python", "npm", "jupyter", "pip"} <= {
        re.sub(r"^(\w+=\S+ )+", "", command).split()[0] for command in CASES
    }


@pytest.mark.parametrize("marker", ["demo", "tests"])
def test_readme_has_one_marked_command(marker: str) -> None:
    found = re.findall(rf"<!-- {marker} -->\n```sh\n(.+)\n```", text_of(PAGES[0]))
    wanted = {
        "demo": 'python -m pip install ".[lab]" && depthviz demo',
        "tests": 'python -m pip install -e ".[test]" && python -m pytest',
    }
    assert found == [wanted[marker]]
