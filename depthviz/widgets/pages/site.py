"""A folder of files that any web server can offer, or a person can open from a disk.

For studies too large for one page: the page is small, and each part comes in a file of
its own when somebody looks at it. The files are scripts that hand over text, since a
browser that opens a page from a disk reads no others. They are numbered, so no name
that comes from a study ever becomes a path.
"""

import base64
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from depthviz.errors import DataError
from depthviz.machine.disk.failures import writing
from depthviz.machine.folders import replacing
from depthviz.machine.paths import is_litter, local_path
from depthviz.widgets.pages.bundle import bundle_for
from depthviz.widgets.pages.page import fill_page
from depthviz.widgets.pages.page_state import study_digest
from depthviz.widgets.pages.size_budget import deflate
from depthviz.widgets.payload.pack import Pack
from depthviz.widgets.payload.source_files import SOURCE

if TYPE_CHECKING:
    from depthviz.widgets.annotating.desk import Desk

__all__ = ["write_site"]

_PAGE, _DATA = "index.html", "data"
_OURS = re.compile(rf"{_PAGE}|{_DATA}/\d+\.js")
_PER_FILE = {"original": 128, "sound": 16}


def write_site(
    pack: Pack,
    folder: str | os.PathLike[str],
    *,
    height: int = 720,
    selection: bytes = b"",
    ui_state: Mapping[str, Any] | None = None,
    views: Mapping[str, Any] | None = None,
    desk: "Desk | None" = None,
) -> Path:
    """Write a study as a folder with a page, whole or not at all.

    Args:
        pack: The study, packed.
        folder: Where to; a folder that an earlier call wrote is replaced.
        height: Height of the Explorer in pixels.
        selection: One bit an example, the first lowest: what the page starts with.
        ui_state: Filters, probe, color and sort that it starts with.
        views: Named views that go along; see `carried_views`.
        desk: Where decisions about the study are kept, as of `write_page`.

    Returns:
        The path of the page in it.

    Raises:
        ArgumentError: If the path is none of a local disk.
        DataError: If the path is a file, or a folder with anything else in it.
        DependencyError: If the widget's bundle was never built.
        DiskError: If it cannot be written; an earlier folder is then unchanged.
    """
    target = Path(os.path.abspath(local_path(folder, name="folder")))
    with writing(folder):
        real = Path(os.path.realpath(target))
        _check_target(real)
    script = bundle_for(pack.manifest, annotating=desk is not None)
    files, families = _number(pack)
    carried = dict(_families(pack))
    content = {
        "manifest": {**pack.manifest, "families": carried},
        "chunks": {},
        "site": {"folder": _DATA, "files": files, "families": families},
        "session_id": "page",
        "height": height,
        "selection": base64.b64encode(selection).decode(),
        "ui_state": dict(ui_state or {}),
        "study": study_digest(pack),
        "views": dict(views or {}),
    }
    if desk is not None:
        content["annotations"] = desk.page(target, study_digest(pack))
    with writing(folder), replacing(real, check=_check_target) as place:
        (place / _DATA).mkdir(parents=True)
        for number, names in enumerate(_contents(pack)):
            text = _script(number, names, pack)
            (place / _DATA / f"{number}.js").write_text(text, encoding="utf-8")
        page = fill_page(content, script, sources="'self'")
        (place / _PAGE).write_text(page, encoding="utf-8")
    return target / _PAGE


def _check_target(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise DataError(f"Expected the path of a folder, got the file {target}.")
    for path in target.rglob("*"):
        name = path.relative_to(target).as_posix()
        if is_litter(Path(name)) and not path.is_symlink():
            continue
        if path.is_symlink() or not (_OURS.fullmatch(name) or name == _DATA):
            raise DataError(
                f"{target} holds {name}, which is no part of such a page. Give an "
                "empty or a new folder."
            )


def _families(pack: Pack) -> list[tuple[str, int]]:
    """The families that a folder holds: all but the files of the data set."""
    families = pack.manifest["families"]
    return [(name, count) for name, count in families.items() if name != SOURCE]


def _number(pack: Pack) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Number the files: one for each ready chunk, then those of each family."""
    files = {name: number for number, name in enumerate(pack.manifest["chunks"])}
    families, start = {}, len(files)
    for family, count in _families(pack):
        per_file = _PER_FILE.get(family, 1)
        families[family] = {"start": start, "per_file": per_file}
        start += -(-count // per_file)
    return files, families


def _contents(pack: Pack) -> Iterator[list[str]]:
    """The names of the chunks in each file, in the order of their numbers."""
    yield from ([name] for name in pack.manifest["chunks"])
    for family, count in _families(pack):
        per_file = _PER_FILE.get(family, 1)
        for first in range(0, count, per_file):
            last = min(first + per_file, count)
            yield [f"{family}/{number}" for number in range(first, last)]


def _script(number: int, names: list[str], pack: Pack) -> str:
    carried = {}
    for name in names:
        data = pack.chunks[name]
        shorter = deflate(name, data)
        text = base64.b64encode(shorter).decode()
        carried[name] = [text, int(len(shorter) < len(data))]
    return (
        f'globalThis[Symbol.for("depthviz/site")]?.({number}, {json.dumps(carried)});\n'
    )
