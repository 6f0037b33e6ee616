"""`depthviz figure`: a chart of a study, or its table, as a file."""

import argparse
import inspect
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from depthviz import charts
from depthviz.charts.output.saving import ENDINGS
from depthviz.charts.output.tables import TABLE_ENDINGS
from depthviz.cli.exit_codes import say
from depthviz.cli.figure_options import read_chart_options, read_look
from depthviz.cli.named_charts import chart_names
from depthviz.errors import ArgumentError, StudyError
from depthviz.machine.files import check_writable
from depthviz.machine.paths import local_path
from depthviz.study import Study, open_study
from depthviz.widgets.later_maps import complete

__all__ = ["list_figures", "write_figure"]

GAP = 2  # letters between columns
OF_MAPS = "map_by_probe"  # the one chart that draws maps


def write_figure(options: argparse.Namespace) -> None:
    """Write a chart, or its table.

    Args:
        options: As the parser reads them.

    Raises:
        ArgumentError: If the chart, its file or an option is unknown.
        DepthvizError: As for the chart and for `depthviz.charts.save`.
    """
    draw = _chart_named(options.name)
    target, as_table = _target(options)
    check_writable(target)
    study = _opened(options)
    made = _table_of(draw) if as_table else draw
    chosen = read_chart_options(options, made, study)
    with _said_in_a_line():
        if as_table:
            table = made(study, **chosen)
            said = {"caption": options.caption, "label": options.label}
            charts.save_table(table, target, **said)
        else:
            chart = draw(study, **chosen, **read_look(options))
            charts.save(chart, target, dpi=options.dpi)
    print(f"Wrote {target}")


def list_figures(path: str) -> None:
    """Print which charts a study can draw, and for the rest what it lacks.

    Args:
        path: Its folder.

    Raises:
        DepthvizError: If there is no study to read.
    """
    study = open_study(path)
    drawn: dict[str, str] = {}
    lacking: dict[str, str] = {}
    for name in chart_names():
        draw = _chart_named(name)
        try:
            draw(study)
            drawn[name] = inspect.getdoc(draw).partition("\n")[0]  # type: ignore[union-attr]
        except StudyError as error:
            lacking[name] = str(error)
    wide = max(map(len, chart_names())) + GAP
    for heading, found in (("It can draw", drawn), ("It cannot draw", lacking)):
        if found:
            print(f"{heading}:")
            print("\n".join(f"  {name:<{wide}}{said}" for name, said in found.items()))


def _opened(options: argparse.Namespace) -> Study | dict[str, Study]:
    """Open the study, or several by their names."""
    if not options.beside:
        return _with_what_is_drawn(open_study(options.study), options.name)
    given = [_name_and_path(text) for text in (options.study, *options.beside)]
    names = [name for name, _ in given]
    if len(set(names)) < len(names):  # of several runs each holds a study.zarr
        names = [path for _, path in given]
    if len(set(names)) < len(names):
        raise ArgumentError(f"The same study is given twice: {', '.join(names)}.")
    paths = (path for _, path in given)
    opened = map(open_study, paths)
    return {
        name: _with_what_is_drawn(one, options.name)
        for name, one in zip(names, opened, strict=True)
    }


def _with_what_is_drawn(study: Study, chart: str) -> Study:
    """Make maps that a study waits for, if the chart draws them."""
    return complete(study) if chart == OF_MAPS else study


def _name_and_path(text: str) -> tuple[str, str]:
    """Read `NAME=STUDY`, or take the name of the folder."""
    name, equals, path = text.partition("=")
    if equals and name.strip() and not Path(text).exists():
        return name, path
    return Path(text).stem, text


def _chart_named(name: str | None) -> Callable[..., Any]:
    if name not in chart_names():
        what = "Name a chart." if name is None else f"Unknown chart {name!r}."
        raise ArgumentError(f"{what} There are: {', '.join(chart_names())}.")
    found: Callable[..., Any] = getattr(charts, name)
    return found


def _table_of(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Find the table of a chart, which stands in the same module."""
    public: list[str] = vars(sys.modules[draw.__module__])["__all__"]
    listed = [name for name in public if name.endswith("_table")]
    own = f"{draw.__name__}_table"
    found: Callable[..., Any] = getattr(charts, own if own in listed else listed[0])
    return found


def _target(options: argparse.Namespace) -> tuple[Path, bool]:
    """Read where to write, and whether a table."""
    if options.output is None:
        raise ArgumentError("Say where to write: -o FILE.")
    target = local_path(options.output, name="FILE")
    ending = target.suffix.lower()
    if ending not in {*ENDINGS, *TABLE_ENDINGS}:
        raise ArgumentError(
            f"A chart is written to a file that ends in {', '.join(ENDINGS)}, and its "
            f"table to one that ends in {', '.join(TABLE_ENDINGS)}; got "
            f"{options.output!r}."
        )
    if options.table and ending not in TABLE_ENDINGS:
        raise ArgumentError(
            f"A table is written to a file that ends in {', '.join(TABLE_ENDINGS)}; "
            f"got {target.name!r}."
        )
    as_table = options.table or ending not in ENDINGS
    _check_words(options, as_table=as_table)
    return target, as_table


def _check_words(options: argparse.Namespace, *, as_table: bool) -> None:
    """Refuse options that would change nothing."""
    of_chart = [*read_look(options), *(["dpi"] if options.dpi is not None else [])]
    of_table = [name for name in ("caption", "label") if getattr(options, name)]
    vain = of_chart if as_table else of_table
    if vain:
        this, other = ("table", "chart") if as_table else ("chart", "table")
        listed = ", ".join(f"--{name.replace('_', '-')}" for name in vain)
        raise ArgumentError(
            f"{listed} is for a {other}, and a {this} is written to {options.output!r}."
        )


@contextmanager
def _said_in_a_line() -> Iterator[None]:
    """Print warnings as the command line does, without the place in the code."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        yield
    for warning in caught:
        if warning.category is UserWarning:
            say(str(warning.message))
