"""Policy: what holds for the whole public surface of the package."""

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_origin

import pytest

import depthviz
from tests.paths import ROOT

NO_FACES = {"__main__", "machine"}  # ground rooms are imported by their own names
FACES = sorted(
    f"depthviz.{module.name}"
    for module in pkgutil.iter_modules(depthviz.__path__)
    if module.name not in NO_FACES
)


def modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(depthviz.__path__, "depthviz."):
        if not module.name.endswith("__main__"):
            yield importlib.import_module(module.name)


def public_callables() -> dict[str, Callable[..., Any]]:
    found = {}
    for face in map(importlib.import_module, FACES):
        for name in face.__all__:
            member = getattr(face, name)
            if callable(member) and not is_alias(member):
                found[f"{face.__name__}.{name}"] = member
            if inspect.isclass(member):
                found |= public_methods(f"{face.__name__}.{name}", member)
    return found


def is_alias(member: object) -> bool:
    """A name for a type, such as a Literal, has no docstring of its own."""
    return get_origin(member) is not None


def public_methods(prefix: str, owner: type) -> dict[str, Callable[..., Any]]:
    """What another library calls, `on_…`, has that library's parameters."""
    return {
        f"{prefix}.{name}": member
        for name, member in vars(owner).items()
        if not name.startswith(("_", "on_")) and inspect.isfunction(member)
    }


PUBLIC = public_callables()


def is_function(member: object) -> bool:
    return inspect.isfunction(inspect.unwrap(member))  # type: ignore[arg-type]


@pytest.mark.parametrize("face", FACES)
def test_each_subpackage_names_what_is_public(face: str) -> None:
    module = importlib.import_module(face)
    assert module.__all__ == sorted(
        module.__all__,
        key=lambda name: (not name.isupper(), not name[0].isupper(), name),
    )
    assert all(hasattr(module, name) for name in module.__all__)


def test_each_module_says_what_it_is() -> None:
    assert [module.__name__ for module in modules() if not module.__doc__] == []


def test_no_module_bears_the_name_of_a_function_it_exports() -> None:
    hidden = [
        module.__name__
        for module in modules()
        if module.__name__.rpartition(".")[2] in getattr(module, "__all__", ())
    ]
    assert hidden == []


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_are_documented(name: str) -> None:
    member = PUBLIC[name]
    text = inspect.getdoc(member) or ""
    assert text
    if is_function(member):
        signature = inspect.signature(member)
        if signature.return_annotation not in (None, "None"):
            assert "Returns:" in text or "Yields:" in text
        parameters = [name for name in signature.parameters if name != "self"]
        assert ("Args:" in text) == bool(parameters)
        undocumented = [each for each in parameters if f"{each}:" not in text]
        assert undocumented == []


@pytest.mark.parametrize("name", PUBLIC)
def test_public_functions_are_typed_with_few_positionals(name: str) -> None:
    member = PUBLIC[name]
    if not is_function(member):
        return
    signature = inspect.signature(member)
    assert signature.return_annotation is not inspect.Signature.empty
    positional = [
        parameter
        for parameter in signature.parameters.values()
        if parameter.kind
        in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        and parameter.name != "self"
    ]
    assert len(positional) <= 3
    assert all(
        parameter.annotation is not inspect.Parameter.empty
        for parameter in signature.parameters.values()
        if parameter.name != "self"
    )


@pytest.mark.parametrize("name", ["prediction_depth", "knn_vote", "nearest_neighbors"])
def test_core_functions_have_an_example_that_runs(name: str) -> None:
    member = next(member for key, member in PUBLIC.items() if key.endswith(f".{name}"))
    assert doctest.DocTestFinder().find(member)[0].examples


def test_the_top_loads_nothing_heavy() -> None:
    code = (
        "import sys, depthviz; depthviz.__dir__(); "
        "heavy = {'torch', 'numpy', 'pandas', 'xarray', 'umap'}; "
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_numerics_load_on_a_bare_machine() -> None:
    absent = "anywidget pandas PIL sklearn scipy tqdm umap xarray zarr torchvision"
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({absent.split()!r}))\n"
        "import depthviz.embeddings, depthviz.probes, depthviz.difficulty"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_name_at_the_top_loads() -> None:
    for name in dir(depthviz):
        assert getattr(depthviz, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'depth_of_water'"):
        _ = depthviz.depth_of_water  # type: ignore[attr-defined]


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
