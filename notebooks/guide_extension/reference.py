"""The API reference: every name that a face publishes, from its docstring."""

import inspect
from importlib import import_module
from types import ModuleType

import depthviz
from guide_extension.rooms import first_sentence
from guide_extension.tables import markdown_table

__all__ = ["face_text", "faces", "faces_table"]

_TOP = "depthviz"


def faces() -> list[str]:
    """Return the names of all modules with public names, the package itself first."""
    rooms = [name for name in dir(depthviz) if name not in depthviz.__all__]
    return [_TOP, *(f"{_TOP}.{room}" for room in rooms)]


def faces_table() -> str:
    """List the faces with links to their pages."""
    rows = [
        (f"[`{face}`](api/{face}.md)", first_sentence(import_module(face).__doc__))
        for face in faces()
    ]
    return markdown_table(("module", "what is in it"), rows)


def face_text(page: str) -> str:
    """Write the reference of the face whose page this is."""
    face = import_module(page.rsplit("/", maxsplit=1)[-1])
    own = [name for name in face.__all__ if _home(face, name) == face.__name__]
    shown = [name for name in face.__all__ if name not in own]
    parts = [_rst(f".. automodule:: {face.__name__}")]
    if shown:
        parts.append(_links(face, shown))
    parts += [_rst(_entry(face, name)) for name in own]
    return "\n\n".join(parts)


def _home(face: ModuleType, name: str) -> str:
    """Return the face that documents a name: the one its definition lies under."""
    home = getattr(getattr(face, name), "__module__", face.__name__)
    known = [one for one in faces()[1:] if f"{home}.".startswith(f"{one}.")]
    return known[0] if known else face.__name__


def _links(face: ModuleType, names: list[str]) -> str:
    rows = []
    for name in names:
        home, thing = _home(face, name), getattr(face, name)
        role = "py:class" if inspect.isclass(thing) else "py:func"
        rows.append(
            (f"{{{role}}}`{name} <{home}.{name}>`", first_sentence(thing.__doc__))
        )
    return markdown_table(("name", "what it does"), rows)


def _entry(face: ModuleType, name: str) -> str:
    thing, path = getattr(face, name), f"{face.__name__}.{name}"
    if inspect.isclass(thing):
        return f".. autoclass:: {path}\n   :members:{_members(thing)}"
    if callable(thing) and inspect.isfunction(thing):
        return f".. autofunction:: {path}"
    return f".. autodata:: {path}\n   :no-value:"


def _members(thing: type) -> str:
    """Show what a class has from us: nothing of a library's class, no field twice."""
    foreign = [one for one in thing.__mro__ if not one.__module__.startswith(_TOP)]
    options = f"\n   :inherited-members: {', '.join(one.__name__ for one in foreign)}"
    fields = getattr(thing, "_fields", ())  # of a named tuple; "Attributes" has them
    return options + (f"\n   :exclude-members: {', '.join(fields)}" if fields else "")


def _rst(text: str) -> str:
    return f"```{{eval-rst}}\n{text}\n```"
