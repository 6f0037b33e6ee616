"""What an offline page carries of a study: all that fits below a number of bytes.

Columns, votes and maps come first, since everything is counted from them. Then
pictures: every thumbnail at the best quality that fits, and without loss those of the
examples that a person selected and of the hardest. Then what the inspector asks for, in
the same order; what is left goes to more whole pictures. Texts come after thumbnails,
the longest cut first. The page says in a sentence what was left out. Writes no page.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import DataError
from depthviz.study import Study
from depthviz.widgets.pages.page_details import add_members, add_neighbors, add_sides
from depthviz.widgets.pages.page_pictures import add_pictures, add_whole_pictures
from depthviz.widgets.pages.page_rows import add_rows
from depthviz.widgets.pages.page_sounds import add_sounds
from depthviz.widgets.pages.page_texts import add_texts
from depthviz.widgets.pages.size_budget import SizeBudget, deflate, size_in_page
from depthviz.widgets.payload.pack import Pack
from depthviz.widgets.payload.rows import ROW_FAMILY, read_rows
from depthviz.widgets.payload.source_files import SOURCE

__all__ = ["PagePayload", "fit_payload"]

_USUAL_BYTES = 6_000_000
# Where columns and maps alone fill the usual page: for all pictures, and for each.
_LEAST_FOR_PICTURES, _LEAST_FOR_EACH = 1_500_000, 50


class PagePayload(NamedTuple):
    """What a page carries.

    Attributes:
        manifest: The study's, without what is left out.
        chunks: Bytes by name, as they are sent: some deflated.
        deflated: Names of those.
        left_out: What was left out, in sentences; empty where nothing was.
    """

    manifest: dict[str, Any]
    chunks: dict[str, bytes]
    deflated: list[str]
    left_out: str


def fit_payload(
    study: Study,
    pack: Pack,
    *,
    other_bytes: int = 0,
    max_bytes: int | None = None,
    first: NDArray[np.intp] | None = None,
) -> PagePayload:
    """Choose what a page carries.

    Args:
        study: The study.
        pack: The study, packed.
        other_bytes: Bytes of the page that are not the study's.
        max_bytes: Bytes of the whole page; by default 6,000,000, and more where the
            columns and maps of a large study leave less than a quarter of that, or
            less than 50 bytes an example.
        first: Positions of the examples that come before the hardest.

    Returns:
        The payload.

    Raises:
        DataError: If not even the columns and maps fit below `max_bytes`.
    """
    _check_max_bytes(max_bytes)
    budget = SizeBudget(used=other_bytes)
    budget.add({name: pack.chunks[name] for name in pack.manifest["chunks"]})
    budget.limit = _limit(max_bytes, budget.used, len(study))
    manifest = {**pack.manifest, "details": {**pack.manifest["details"]}}
    left_out: list[str] = []
    if not _add_all(pack, budget):
        order = _by_priority(study, first)
        left_out = [
            *add_pictures(study.dataset, manifest, budget, order),
            *add_texts(study.dataset, manifest, budget, order),
            *_add_rows(study, manifest, budget, order),
            *add_sounds(pack, manifest, budget, order),
            *add_sides(pack, manifest, budget, order),
            *add_neighbors(pack, manifest, budget, order),
            *add_members(pack, manifest, budget, order),
        ]
        whole = add_whole_pictures(study.dataset, manifest, budget, order)
        left_out += [whole] if whole else []
    manifest |= {"chunks": budget.sizes, "families": {}}
    limit = f"This page is kept below {budget.limit / 1e6:.1f} MB. It carries "
    sentence = limit + "; ".join(left_out) + "." if left_out else ""
    if sentence:
        manifest["facts"] = [*manifest["facts"], ["This page", sentence]]
    return PagePayload(manifest, budget.chunks, budget.deflated, sentence)


def _add_rows(
    study: Study,
    manifest: dict[str, Any],
    budget: SizeBudget,
    order: NDArray[np.intp],
) -> list[str]:
    """Add the rows of a table, where the page shows them."""
    shown = ROW_FAMILY in manifest["previews"]
    rows = read_rows(study.dataset, study.frame()) if shown else None
    return add_rows(rows, budget, order)


def _check_max_bytes(max_bytes: object) -> None:
    whole = isinstance(max_bytes, int) and not isinstance(max_bytes, bool)
    if max_bytes is not None and (not whole or max_bytes < 1):  # type: ignore[operator]
        raise DataError(f"max_bytes must be a number of bytes, got {max_bytes!r}.")


def _limit(max_bytes: int | None, least: int, examples: int) -> int:
    """Find how many bytes the page may have, of which `least` are taken already."""
    pictures = max(_LEAST_FOR_PICTURES, _LEAST_FOR_EACH * examples)
    limit = max_bytes or max(_USUAL_BYTES, least + pictures)
    if least > limit:
        raise DataError(
            f"The columns and maps of {examples:,} examples take {least:,} bytes, "
            f"max_bytes is {limit:,}. Allow more, or write a folder with to_site()."
        )
    return limit


def _add_all(pack: Pack, budget: SizeBudget) -> bool:
    """Add every family whole, where all of them fit."""
    chunks: dict[str, bytes] = {}
    size = 0
    for family, count in pack.manifest["families"].items():
        if family == SOURCE:
            continue  # a page carries no files
        for number in range(count):
            name = f"{family}/{number}"
            chunks[name] = pack.chunks[name]
            size += size_in_page(name, deflate(name, chunks[name]))
            if size > budget.left:
                return False
    return budget.add(chunks)


def _by_priority(study: Study, first: NDArray[np.intp] | None) -> NDArray[np.intp]:
    """Order the examples: those that come first, then the others, hardest first."""
    frame = study.frame()
    if "suspicion_rank" in frame:
        hard = np.argsort(-frame["suspicion_rank"].to_numpy(float), kind="stable")
    else:
        sure = frame["confidence"] if "confidence" in frame else frame["depth"] * 0
        hard = np.lexsort((sure.to_numpy(float), -frame["depth"].to_numpy(float)))
    wanted = np.zeros(len(frame), bool)
    wanted[[] if first is None else first] = True
    return np.concatenate([hard[wanted[hard]], hard[~wanted[hard]]]).astype(np.intp)
