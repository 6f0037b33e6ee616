"""Text that breaks careless pages and files, and how it looks where it is kept."""

from typing import Any

import numpy as np
import xarray as xr

__all__ = ["ODD_IDS", "ODD_TEXTS", "kept_text", "with_odd_ids"]

_ATTACK = "<img src=x onerror=hit()>"
ODD_TEXTS = (
    "nul \0 within",
    "halves \ud800 and \udc00 of a pair \U0001f600",
    f"line \u2028 paragraph \u2029 next \x85 tab \t {_ATTACK}",
    "right \u202e to left \u2066 isolated",
    f"</script><script>hit()</script>{_ATTACK}<!-- &amp; ${{hit()}}",
    "a long note \n" * 83_000 + "of a million characters",
)
ODD_IDS = ("007", "9007199254740993", "a/b", _ATTACK, "\u202e7 right to left", "1e3")


def kept_text(text: str) -> str:
    """What is kept of a text: a sign in the place of NUL and of halves of a pair."""
    return "".join(
        "\ufffd" if each == "\0" or "\ud800" <= each <= "\udfff" else each
        for each in text
    )


def with_odd_ids(data: xr.Dataset) -> xr.Dataset:
    """Give the first examples of a study these ids, and the others numbers as text."""
    count = data.sizes["example"]
    ids: Any = [*ODD_IDS, *map(str, range(100, 100 + count))][:count]
    return data.assign_coords(example_id=("example", np.array(ids, object)))
