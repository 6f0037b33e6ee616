"""Hidden siblings: where something is written until it takes its place.

They bear the target's name between a dot and an ending with a random token, so that
the next writer finds what a killed one left. A name near the system's limit is cut, and
its digest stands for the rest.
"""

from __future__ import annotations

import glob
import os
import secrets
from hashlib import sha256
from pathlib import Path

__all__ = ["find_siblings", "new_sibling"]

TOKEN_BYTES = 4
ANY_TOKEN = "[0-9a-f]" * (2 * TOKEN_BYTES)
LONGEST = 255  # bytes of a name, on nearly every file system
RESERVED = 32  # for the dot, the ending and the token
KEPT = 40  # letters of a name that is cut


def new_sibling(target: Path, ending: str) -> Path:
    """Name a hidden sibling that is not there yet.

    Args:
        target: The file or folder that it is to become.
        ending: Has `{}` where the token goes.

    Returns:
        A path in the same folder.
    """
    token = secrets.token_hex(TOKEN_BYTES)
    return target.with_name(f".{_stem(target.name)}.{ending.format(token)}")


def find_siblings(target: Path, ending: str) -> list[Path]:
    """Find the hidden siblings of a target, whoever made them.

    Args:
        target: The file or folder.
        ending: As in `new_sibling`.

    Returns:
        Their paths.
    """
    pattern = f".{glob.escape(_stem(target.name))}.{ending.format(ANY_TOKEN)}"
    return list(target.parent.glob(pattern))


def _stem(name: str) -> str:
    encoded = os.fsencode(name)
    if len(encoded) <= LONGEST - RESERVED:
        return name
    return f"{name[:KEPT]}-{sha256(encoded).hexdigest()[:16]}"
