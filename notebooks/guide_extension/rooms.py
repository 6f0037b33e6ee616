"""The rooms of the package, read from the import contract and their docstrings."""

import ast
import tomllib
from pathlib import Path

from guide_extension.tables import markdown_table

__all__ = ["first_sentence", "rooms_table"]

_ROOT = Path(__file__).parents[2]
_LAYERS = "Imports run one way"


def rooms_table() -> str:
    """List the rooms; each may use those below it."""
    text = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    [layers] = [one["layers"] for one in contracts if one["name"] == _LAYERS]
    rooms = [name.strip() for layer in layers for name in layer.split("|")]
    rows = [(f"`depthviz/{_file(room)}`", _first(room)) for room in rooms]
    return markdown_table(("room", "what is in it"), rows)


def first_sentence(docstring: str | None) -> str:
    """Return the first paragraph of a docstring on one line."""
    return " ".join((docstring or "").strip().split("\n\n")[0].split())


def _path(room: str) -> Path:
    folder = _ROOT / "depthviz" / room
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")


def _file(room: str) -> str:
    return room if _path(room).name == "__init__.py" else f"{room}.py"


def _first(room: str) -> str:
    tree = ast.parse(_path(room).read_text(encoding="utf-8"))
    return first_sentence(ast.get_docstring(tree))
