"""The words of `depthviz figure`, and that of every command: which study."""

import argparse

__all__ = ["LOOK", "add_figure", "add_study"]

LOOK = ("title", "width", "height", "theme", "font", "font_size")
THEMES = ("light", "dark", "print")


def add_study(command: argparse.ArgumentParser) -> None:
    """Let a command take a study.

    Args:
        command: Its parser.
    """
    command.add_argument(
        "study",
        metavar="STUDY",
        help="folder that study.save wrote, or that of an ensemble's run",
    )


def add_figure(command: argparse.ArgumentParser) -> None:
    """Let a command take a chart, its options and a file.

    Args:
        command: Its parser.
    """
    add_study(command)
    command.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="the chart, such as depth_histogram; --list lists them",
    )
    command.add_argument(
        "--list",
        action="store_true",
        help="list the charts that this study can draw, and what it lacks for others",
    )
    command.add_argument(
        "--beside",
        nargs="+",
        action="extend",
        default=[],
        metavar="STUDY",
        help="more studies to draw beside the first, as STUDY or NAME=STUDY",
    )
    _add_output(command)
    _add_choice(command)
    _add_look(command)


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="a chart as .png, .svg, .pdf, .html or .json, its table as .csv, .tex or "
        ".md; an earlier file is replaced",
    )
    command.add_argument(
        "--table",
        action="store_true",
        help="write the chart's table, where FILE ends in .html",
    )
    command.add_argument("--caption", metavar="TEXT", help="words above a table")
    command.add_argument("--label", metavar="NAME", help="of a table, for \\ref in TeX")


def _add_choice(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--examples",
        metavar="WHICH",
        help="a file with an id a line, or a CSV with a column example_id; else a "
        "query of the columns, such as 'suspicion > 0 and group == \"easy\"'",
    )
    command.add_argument(
        "--by", metavar="WHAT", help="what panels or colors tell apart, such as class"
    )
    command.add_argument(
        "--classes",
        nargs="+",
        action="extend",
        metavar="NAME",
        help="which classes, or groups, are drawn",
    )
    command.add_argument(
        "--set",
        nargs="+",
        action="extend",
        default=[],
        metavar="OPTION=VALUE",
        help="what else this chart takes, such as rows=100; several names as a,b or "
        'as \'["a", "b"]\'',
    )


def _add_look(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--theme", choices=THEMES, help="for a screen, or a page (default: light)"
    )
    command.add_argument("--title", metavar="TEXT", help="above the chart; '' for none")
    for side in ("width", "height"):
        command.add_argument(
            f"--{side}",
            type=float,
            metavar="PIXELS",
            help=f"{side} of the plot, or of each of several",
        )
    command.add_argument("--font", metavar="FAMILY", help="of the letters")
    command.add_argument("--font-size", type=float, metavar="PIXELS", help="of most")
    command.add_argument(
        "--dpi", type=float, help="of a PNG (default: 144), and of many marks in others"
    )
