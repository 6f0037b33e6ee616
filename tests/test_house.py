"""The code stays in order: small folders, files and functions, and no import circle."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.paths import ROOT

MOST_FILES, MOST_LINES, MOST_IN_FUNCTION = 16, 320, 60
HALLS = ("depthviz", "tests", "js/src", "js/tests")
CODE = {".py", ".ts", ".css", ".js", ".mjs"}
BUILT = {"static", "__pycache__", "node_modules"}
PACKAGE = "depthviz"


def code_files() -> list[Path]:
    """Return all files of code that hold something and are kept by git."""
    found = (path for hall in HALLS for path in (ROOT / hall).rglob("*"))
    return sorted(
        path
        for path in found
        if path.suffix in CODE
        and not BUILT & set(path.relative_to(ROOT).parts)
        and path.stat().st_size
    )


def test_no_folder_has_more_than_sixteen_files() -> None:
    counts: dict[str, int] = {}
    for path in code_files():
        folder = str(path.parent.relative_to(ROOT))
        counts[folder] = counts.get(folder, 0) + 1
    assert {name: n for name, n in counts.items() if n > MOST_FILES} == {}


def test_no_file_is_longer_than_320_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in code_files()
    }
    assert {name: n for name, n in lengths.items() if n > MOST_LINES} == {}


def test_no_function_is_longer_than_60_lines_without_its_docstring() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": length
        for path in code_files()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := lines_without_docstring(node)) > MOST_IN_FUNCTION
    }
    assert long == {}


def lines_without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle_in(imports_of_all_modules()) == []


def test_a_circle_would_be_found() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c"]


def test_the_layers_name_every_room() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [layers] = [
        contract["layers"]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    ]
    named = {name.strip() for layer in layers for name in layer.split("|")}
    rooms = {
        path.stem if path.is_file() else path.name
        for path in (ROOT / PACKAGE).iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
    }
    assert named == rooms - {"__init__", "__main__"}


def imports_of_all_modules() -> dict[str, set[str]]:
    """Return which modules each module imports, at its top or in its functions.

    A package's `__init__` that a module of its own asks for a sibling is that sibling.
    What is imported for type checkers alone does not count.
    """
    paths = {module_name(path): path for path in (ROOT / PACKAGE).rglob("*.py")}
    return {
        name: set(imports_of(name, ast.parse(path.read_text("utf-8")), paths)) - {name}
        for name, path in paths.items()
    }


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(name: str, tree: ast.AST, known: dict[str, Path]) -> Iterator[str]:
    for node in nodes_that_run(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in known)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            for one in node.names:
                inner = f"{node.module}.{one.name}"
                yield inner if inner in known else node.module
    if known[name].name == "__init__.py":
        yield from lazy_imports(name, tree, known)


def lazy_imports(name: str, tree: ast.AST, known: dict[str, Path]) -> Iterator[str]:
    """Return the modules that strings of a face name, which it loads when asked."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for module in (node.value, f"{name}.{node.value}"):
                if module in known and module != name:
                    yield module


def nodes_that_run(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk a module, save for what stands under `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from nodes_that_run(node)


def circle_in(imports: dict[str, set[str]]) -> list[str]:
    """Return the modules of one circle, or nothing: drop what imports nothing left."""
    left = {
        name: {one for one in used if one in imports} for name, used in imports.items()
    }
    while leaves := {name for name, used in left.items() if not used}:
        left = {
            name: used - leaves for name, used in left.items() if name not in leaves
        }
    if not left:
        return []
    path = [min(left)]
    while (following := min(left[path[-1]])) not in path:
        path.append(following)
    return sorted(path[path.index(following) :])
