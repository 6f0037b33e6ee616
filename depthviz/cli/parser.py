"""The words that `depthviz` understands, and its help."""

import argparse

from depthviz.cli.figure_words import add_figure, add_study
from depthviz.version import __version__

__all__ = ["build_parser"]


def build_parser() -> argparse.ArgumentParser:
    """Build the parser; `command` of what it reads is the name of a command."""
    parser = argparse.ArgumentParser(
        prog="depthviz",
        description="Which examples are hard for a network, and where it decides them.",
    )
    parser.add_argument(
        "--version", action="version", version=f"depthviz {__version__}"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_demo(
        commands.add_parser(
            "demo",
            help="train ten networks on handwritten digits, find planted label errors",
            description="Train ten small networks on different splits of 1,797 "
            "handwritten digits, 5 % of them with a wrong label, in about "
            "two minutes on two processor cores. Interrupted and run again, it goes "
            "on.",
        )
    )
    _add_report(
        commands.add_parser(
            "report",
            help="write a study as one offline page, as PDF or as Markdown",
            description="Write what a study found, with figures, examples and tables: "
            "as one HTML page with the Explorer, without a kernel or a network, as PDF "
            "or as Markdown.",
        )
    )
    _add_info(
        commands.add_parser(
            "info",
            help="say what a study holds, and whether its files are damaged",
            description="Print a study's probes, its groups and members where it is "
            "of many networks, and how it was measured.",
        )
    )
    add_figure(
        commands.add_parser(
            "figure",
            help="write a chart of a study, or its table, to a file",
            description="Write a chart of a study as a picture, a drawing, a page or "
            "JSON, or the numbers behind it as a table; without a network.",
        )
    )
    _add_export(commands.add_parser("export", help="write a study's table as Parquet"))
    _add_completion(
        commands.add_parser(
            "completion",
            help="print a script by which a shell completes these words",
            description="Print a script for a shell. For bash, put this into ~/.bashrc:"
            ' eval "$(depthviz completion bash)"; for zsh the same with zsh into '
            "~/.zshrc, after compinit; for fish: depthviz completion fish > "
            "~/.config/fish/completions/depthviz.fish",
        )
    )
    return parser


def _add_demo(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--out",
        default="depthviz-demo",
        metavar="DIR",
        help="folder for report.html, examples.csv and study.zarr "
        "(default: %(default)s)",
    )
    command.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="S",
        help="decides the wrong labels, the splits and the networks "
        "(default: %(default)s)",
    )


def _add_report(command: argparse.ArgumentParser) -> None:
    add_study(command)
    command.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help="the page to write, or a .pdf or .md; an earlier one is replaced",
    )
    command.add_argument(
        "--title", metavar="TEXT", help="in place of the first finding"
    )
    command.add_argument(
        "--sections",
        metavar="NAMES",
        help="which sections, in their order, with commas between, such as "
        "findings,figures,explorer (default: all)",
    )
    command.add_argument(
        "--annotations",
        metavar="PLACE",
        help="a store of annotations, of which the report tells what was decided",
    )
    command.add_argument(
        "--max-bytes",
        type=int,
        metavar="N",
        help="size of the page (default: 6000000, and more for a large study)",
    )


def _add_info(command: argparse.ArgumentParser) -> None:
    add_study(command)
    ways = command.add_mutually_exclusive_group()
    ways.add_argument(
        "--check",
        action="store_true",
        help="read every file, list those that are damaged, and end with code 1 if "
        "there are any",
    )
    ways.add_argument(
        "--json", action="store_true", help="print one JSON object in place of text"
    )


def _add_export(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Write one row an example as a Parquet file for other tools: classes by name, "
        "the places in the maps, and thumbnails as pictures."
    )
    add_study(command)
    command.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help="the .parquet to write; an earlier one is replaced",
    )
    command.add_argument(
        "--no-thumbnails",
        dest="thumbnails",
        action="store_false",
        help="leave the pictures out",
    )


def _add_completion(command: argparse.ArgumentParser) -> None:
    command.add_argument("shell", nargs="?", choices=("bash", "zsh", "fish"))
    command.add_argument("--words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
