"""A line of the table of speeds: what was measured, what it should be, and whether."""

from collections.abc import Iterable
from typing import NamedTuple

from tests.benchmarks.tables import table

__all__ = ["Line", "lines_table"]


class Line(NamedTuple):
    """One measurement.

    Attributes:
        name: What, and in which unit.
        value: How much; None where there is nothing to measure, as the note says.
        least: The target, where larger is better.
        most: The target, where smaller is better.
        note: How it was measured, or why not.
    """

    name: str
    value: float | None
    least: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        if self.least is not None:
            return f"≥ {self.least:g}"
        return f"≤ {self.most:g}" if self.most is not None else ""

    @property
    def verdict(self) -> str:
        if not self.target:
            return ""
        if self.value is None:
            return "not measured"
        high = self.least is None or self.value >= self.least
        low = self.most is None or self.value <= self.most
        return "met" if high and low else "**missed**"


def lines_table(title: str, lines: Iterable[Line]) -> str:
    """Write the lines as one Markdown table."""
    header = ["what", "measured", "target", "", "how"]
    rows = [
        (line.name, line.value, line.target, line.verdict, line.note) for line in lines
    ]
    return table(title, header, rows)
