"""Studies damaged at random, or made to do harm, opened and looked at.

Each is a copy of one good study with one thing changed: bits, lengths, kinds of files,
values of JSON, numbers in arrays, with sizes and checksums adjusted to it or not. What
holds either works or ends in an error of depthviz; never in another one, in a wait, or
in memory without end.
"""

from __future__ import annotations

import json
import math
import os
import random
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from tests.benchmarks.faults.found import Found

__all__ = ["damage"]

SPACE = 4 * 2**30  # bytes of addresses beyond those of the start
SECONDS = 60  # for one study
START = 600  # for a process that imports everything and saves two studies
ODD: list[Any] = [
    None, True, -1, 0, 7, 2**31, 10**30, 1.5, math.nan, math.inf, "", "a\0b", "../x",
    "é" * 999, [], [1], [[]], {}, {"name": "pickle"}, [None, "x"], "int8", "float64",
]  # fmt: skip
LISTS = ("files", "file_checksums")  # of a root, which are adjusted apart
Random = random.Random


def damage(count: int, seed: int) -> Found:
    """Damage studies at random, and look at each in another process.

    Args:
        count: How many.
        seed: Decides what is done to them.

    Returns:
        What was tried, and what came of those that did not hold.
    """
    notes, number = [], 0
    with tempfile.TemporaryDirectory() as folder:
        while number < count:
            found, lost = _look(Path(folder), number, count, seed)
            notes += [f"{which}: {what}" for which, what in found.items() if what]
            number += len(found)
            if lost and number < count:
                notes.append(f"number {number} of seed {seed}: {lost}")
                number += 1
    return Found(count, notes)


def _look(folder: Path, start: int, stop: int, seed: int) -> tuple[dict[str, str], str]:
    """Look at studies in one process, until it is done, ends or hangs."""
    command = [sys.executable, "-W", "ignore", "-m", __name__]
    arguments = [str(folder), str(start), str(stop), str(seed)]
    found: dict[str, str] = {}
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        for turn in range(stop - start + 1):
            seconds = SECONDS if turn else START
            if not select.select([process.stdout], [], [], seconds)[0]:
                process.kill()
                return found, f"no answer in {seconds} s"
            line = process.stdout.readline()
            if not line:
                break
            if line != b"ready\n":
                which, what = json.loads(line)
                found[which] = what
    code = process.returncode
    return found, "" if code == 0 else f"the process ended with code {code}"


def _main(folder: Path, start: int, stop: int, seed: int) -> None:
    bases = [folder / "network.zarr", folder / "ensemble.zarr"]
    if not bases[-1].exists():
        from tests.studies import ensemble_study, tiny_study

        tiny_study().save(bases[0], overwrite=True)
        ensemble_study().save(bases[1])

    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + SPACE, used + SPACE))
    print("ready", flush=True)
    for number in range(start, stop):
        place = folder / f"{number}.zarr"
        shutil.copytree(bases[number % 2], place)
        what = _damage_one(place, random.Random(f"{seed}-{number}"))
        print(json.dumps([f"{number}, {what}", _outcome(place)]), flush=True)
        shutil.rmtree(place)


def _outcome(place: Path) -> str:
    """Open, tabulate, show; "" where it works or ends in an error of depthviz."""
    import depthviz as dv
    from depthviz.errors import DepthvizError

    study = None
    for step in (_tabulate, _show):
        try:
            study = study or dv.open_study(place)
            step(study)
        except DepthvizError:
            continue
        except BaseException as error:
            return f"{step.__name__}: {type(error).__name__}: {error!s:.150}"
    return ""


def _tabulate(study: Any) -> None:
    study.frame()
    repr(study)
    if "train_depth" in study.dataset:
        study.groups()


def _show(study: Any) -> None:
    import depthviz as dv

    explorer = dv.explore(study)
    try:
        chunks = explorer._pack.chunks
        for name in list(chunks)[:40]:
            chunks[name]
        explorer._repr_mimebundle_()
    finally:
        explorer.close()


def _damage_one(place: Path, chance: Random) -> str:
    """Change one thing, and adjust sizes and checksums or not."""
    change = chance.choice(CHANGES)
    what = change(place, chance)
    adjust = chance.choice(["nothing", "sizes", "sizes and checksums"])
    _adjust(place, adjust)
    return f"{what}, {adjust} adjusted"


def _flip(place: Path, chance: Random) -> str:
    file = _any_file(place, chance)
    data = bytearray(file.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    return f"a bit flipped in {file.relative_to(place)}"


def _resize(place: Path, chance: Random) -> str:
    file = _any_file(place, chance)
    data = file.read_bytes()
    cut = chance.randrange(2 * len(data) + 1)
    file.write_bytes((data * 3)[:cut])
    return f"{file.relative_to(place)} of {cut} bytes"


def _remove(place: Path, chance: Random) -> str:
    file = _any_file(place, chance)
    shutil.rmtree(file.parent) if chance.random() < 0.3 and file.parent != place else (
        file.unlink()
    )
    return f"{file.relative_to(place)} removed"


def _swap(place: Path, chance: Random) -> str:
    one, other = _any_file(place, chance), _any_file(place, chance)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    return f"{one.relative_to(place)} and {other.relative_to(place)} swapped"


def _special(place: Path, chance: Random) -> str:
    file = _any_file(place, chance)
    file.unlink()
    kinds: dict[str, Callable[[Path], Any]] = {
        "pipe": os.mkfifo,
        "folder": Path.mkdir,
        "link to /dev/zero": lambda path: path.symlink_to("/dev/zero"),
        "link to itself": lambda path: path.symlink_to(path.name),
    }
    kind = chance.choice(list(kinds))
    kinds[kind](file)
    return f"{file.relative_to(place)} is a {kind}"


def _metadata(place: Path, chance: Random) -> str:
    """Change a value of JSON somewhere, most often of an array."""
    own = [place / "zarr.json"] * 15
    file = chance.choice([*own, *place.glob("*/zarr.json")])
    tree = json.loads(file.read_bytes())
    owner, key = chance.choice(list(_places(tree)))
    if chance.random() < 0.2:
        del owner[key]
    else:
        owner[key] = chance.choice(ODD)
    file.write_text(json.dumps(tree))
    return f"{key!r} in {file.relative_to(place)}"


def _giant(place: Path, chance: Random) -> str:
    """Claim that a dimension is long: in one array, or in all that have it."""
    dimension = chance.choice(["example", "probe", "class", "neighbor", "image_width"])
    size = chance.choice([0, 79, 81, 10**6, 2**31, 10**12])
    chunk = chance.choice([None, size or 1, 10**6])
    files = [file for file in place.glob("*/zarr.json") if chance.random() < 0.5]
    for file in files if chance.random() < 0.5 else place.glob("*/zarr.json"):
        tree = json.loads(file.read_bytes())
        if dimension in tree["dimension_names"]:
            axis = tree["dimension_names"].index(dimension)
            tree["shape"][axis] = size
            if chunk:
                tree["chunk_grid"]["configuration"]["chunk_shape"][axis] = chunk
            file.write_text(json.dumps(tree))
    return f"{size} along {dimension} in chunks of {chunk}"


def _contents(place: Path, chance: Random) -> str:
    """Write numbers that mean nothing."""
    name = chance.choice([each.parent.name for each in place.glob("*/zarr.json")])
    array = zarr.open_array(place / name, mode="r+")
    if array.dtype.kind not in "iuf":
        array[:] = chance.choice(["", "x", "</script>" * 99])
        return f"texts in {name}"
    odd = [0, 1, 9] if array.dtype.kind == "u" else [0, -1, 9]
    if array.dtype.kind == "f":
        odd += [math.nan, math.inf, -math.inf, 1e30]
    else:
        odd += [np.iinfo(array.dtype).max, np.iinfo(array.dtype).min]
    value = chance.choice(odd)
    array[: chance.choice([1, array.shape[0]])] = value
    return f"{value} in {name}"


CHANGES = [
    _flip, _resize, _remove, _swap, _special,
    _metadata, _metadata, _metadata, _giant, _contents, _contents,
]  # fmt: skip


def _places(tree: Any) -> Any:
    """Yield all containers of a tree of JSON with the keys of what they hold."""
    keys = tree if isinstance(tree, dict) else range(len(tree))
    for key in keys:
        yield tree, key
        if isinstance(tree[key], dict | list) and key not in (
            "files",
            "file_checksums",
        ):
            yield from _places(tree[key])


def _any_file(place: Path, chance: Random) -> Path:
    return chance.choice(sorted(each for each in place.rglob("*") if each.is_file()))


def _adjust(place: Path, what: str) -> None:
    """Write sizes and checksums anew, as somebody with bad intentions would."""
    root = place / "zarr.json"
    if what == "nothing" or not root.is_file() or root.is_symlink():
        return
    try:
        tree = json.loads(root.read_bytes())
        attributes = tree["attributes"]
        files = {
            each.relative_to(place).as_posix(): each
            for each in place.rglob("*")
            if not each.is_dir() and each != root
        }
        attributes["files"] = {
            name: each.lstat().st_size for name, each in files.items()
        }
        if what == "sizes and checksums":
            attributes["file_checksums"] = {
                name: f"{zlib.crc32(each.read_bytes()):08x}"
                for name, each in files.items()
                if each.is_file() and not each.is_symlink()
            }
        root.write_text(json.dumps(tree))
    except (ValueError, TypeError, KeyError, AttributeError):
        return


if __name__ == "__main__":
    _main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
