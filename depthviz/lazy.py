"""Lazy names of a package, and the new names of those that were renamed.

A package's `__init__.pyi` lists its public names, one import a line; type checkers read
it, and so does `lazy_names`, which loads each name on first use (PEP 562). So a name is
written once, and `import depthviz` takes milliseconds although torch takes seconds.
Imports almost nothing: the top of the package needs this module.
"""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False  # importing typing would take longer than all the rest
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["lazy_names", "renamed_names"]

_ONLY_AST = 0x400  # ast.PyCF_ONLY_AST, without the time that importing ast takes


def lazy_names(
    package: str, *, renamed: Mapping[str, str] | None = None
) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """Make what a package needs to load its public names on first use.

    Args:
        package: The package's `__name__`. Its `__init__.pyi` holds nothing but lines
            `from module import name as name`; a line that imports from the package
            itself names a subpackage, which `__all__` leaves out.
        renamed: New name of each old one.

    Returns:
        `__getattr__`, `__dir__` and `__all__` of the package.
    """
    homes = _read_stub(package)
    old_name = renamed_names(package, renamed or {})

    def load(name: str) -> object:
        if name not in homes:
            return old_name(name)
        if homes[name] == package:
            return import_module(f"{package}.{name}")
        return getattr(import_module(homes[name]), name)

    public = [name for name, home in homes.items() if home != package]
    return load, lambda: sorted(homes), sorted(public, key=_constants_first)


def renamed_names(package: str, renamed: Mapping[str, str]) -> Callable[[str], object]:
    """Make a package's `__getattr__` that gives the new name of an old one.

    Args:
        package: The package's `__name__`.
        renamed: New name of each old one.

    Returns:
        A function that raises AttributeError with the new name, or, in
        `from package import name`, ImportError with the same line.
    """

    def fail(name: str) -> object:
        if name not in renamed:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        message = f"{package}.{name} is now {package}.{renamed[name]}."
        # `from package import name` asks with hasattr, and then replaces an
        # AttributeError by an ImportError of its own, which says nothing of the rename.
        if _in_from_import():
            raise ImportError(message, name=package)
        raise AttributeError(message, name=name)

    return fail


def _read_stub(package: str) -> dict[str, str]:
    """Read the module that each name of a package comes from."""
    path = f"{sys.modules[package].__file__}i"
    with open(path, encoding="utf-8") as stub:
        tree = compile(stub.read(), path, "exec", _ONLY_AST)
    return {
        alias.name: line.module
        for line in tree.body
        if hasattr(line, "module")
        for alias in line.names
    }


def _in_from_import() -> bool:
    """Whether the first caller outside this module is a `from … import …`."""
    frame = sys._getframe()
    while frame.f_back and frame.f_globals is globals():
        frame = frame.f_back
    return frame.f_code.co_name == "_handle_fromlist"


def _constants_first(name: str) -> tuple[bool, bool, str]:
    return not name.isupper(), not name[0].isupper(), name
