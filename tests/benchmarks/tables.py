"""Tables and targets as Markdown, ready to be pasted where people read them."""

from collections.abc import Iterable, Sequence

__all__ = ["table", "target"]

Cell = str | int | float | None


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a caption and a Markdown table; None is an empty cell.

    Example:
        >>> print(table("Times.", ["F", "seconds"], [[64, 0.1234], [4096, None]]))
        Times.
        <BLANKLINE>
        | F | seconds |
        |---|---|
        | 64 | 0.123 |
        | 4,096 |  |
        <BLANKLINE>
    """
    lines = [header, *([_text(cell) for cell in row] for row in rows)]
    body = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([title, "", body[0], "|" + "---|" * len(header), *body[1:], ""])


def target(
    name: str, value: float, *, least: float | None = None, most: float | None = None
) -> str:
    """Say whether a ratio meets its target, at least or at most.

    Example:
        >>> target("share of the peak", 0.91, least=0.85)
        '- met: share of the peak 0.91 (target: at least 0.85)'
        >>> target("ours / faiss", 1.3, most=1.15)
        '- **missed**: ours / faiss 1.30 (target: at most 1.15)'
    """
    met = (least is None or value >= least) and (most is None or value <= most)
    word = f"at least {least}" if least is not None else f"at most {most}"
    return f"- {'met' if met else '**missed**'}: {name} {value:.2f} (target: {word})"


def _text(cell: Cell) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, int):
        return f"{cell:,}"
    digits = 0 if abs(cell) >= 100 else 1 if abs(cell) >= 10 else 2
    return f"{cell:,.{digits if abs(cell) >= 1 or not cell else 3}f}"
