"""What is slow to make and the same for many tests, kept by a hash of what makes it.

It lies in pytest's cache, so a change of the code makes it anew and all else finds it.
"""

import hashlib
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from tests.paths import ROOT

SOURCES = ("depthviz/**/*.py", "tests/studies.py")


def kept(cache: Path, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder of that name, made by the first process that asks for it."""
    folder = cache / f"{name}-{hash_of_sources()}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            for older in cache.glob(f"{name}-*"):
                shutil.rmtree(older, ignore_errors=True)
            unfinished = cache / uuid.uuid4().hex
            make(unfinished)
            unfinished.rename(folder)
    return folder


def hash_of_sources() -> str:
    """Return a hash of the names and contents of all code that makes a study."""
    found = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:16]
