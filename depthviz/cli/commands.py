"""What `depthviz` understands, and how it says what went wrong.

A mistake of the user ends with one line and code 2, an interruption with code 130;
anything else is a defect and shows its traceback.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from depthviz.errors import DepthvizError
from depthviz.version import __version__

__all__ = ["main"]

_MISTAKE = 2
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The words after `depthviz`; by default those of the process.

    Returns:
        The exit status: 0, or 2 for a mistake, or 130 when interrupted.
    """
    options = _parser().parse_args(arguments)
    _share_cores()
    try:
        options.run(options)
    except (DepthvizError, OSError) as error:
        print(f"depthviz: {error}", file=sys.stderr)
        return _MISTAKE
    except KeyboardInterrupt:
        print("depthviz: interrupted; no half-written file is left.", file=sys.stderr)
        return _INTERRUPTED
    return 0


def _share_cores() -> None:
    """Let waiting threads sleep: spinning ones starve the work on a busy machine.

    OpenMP reads this once, when torch is loaded, which no command has done yet.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="depthviz",
        description="Which examples are hard for a network, and where it decides them.",
    )
    parser.add_argument(
        "--version", action="version", version=f"depthviz {__version__}"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser(
        "demo",
        help="train ten networks on handwritten digits, find planted label errors",
        description="Train ten small networks on different splits of 1,797 handwritten "
        "digits, 5 % of them with a wrong label, in less than two minutes on two "
        "processor cores. Interrupted and run again, it goes on.",
    )
    demo.add_argument(
        "--out",
        type=Path,
        default=Path("depthviz-demo"),
        metavar="DIR",
        help="folder for report.html, examples.csv and study.zarr "
        "(default: %(default)s)",
    )
    demo.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="S",
        help="decides the wrong labels, the splits and the networks "
        "(default: %(default)s)",
    )
    demo.set_defaults(run=_demo)

    report = commands.add_parser(
        "report",
        help="write a study as one offline page",
        description="Write a study as one HTML page: the Explorer and its tables, "
        "without a kernel or a network.",
    )
    _add_study(report)
    report.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="the page to write; an earlier one is replaced",
    )
    report.set_defaults(run=_report)

    info = commands.add_parser(
        "info",
        help="say what a study holds",
        description="Print a study's probes, its groups and members where it is of "
        "many networks, and how it was measured.",
    )
    _add_study(info)
    info.set_defaults(run=_info)
    return parser


def _add_study(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "study",
        type=Path,
        metavar="STUDY",
        help="folder that study.save wrote, or that of an ensemble's run",
    )


def _demo(options: argparse.Namespace) -> None:
    from depthviz.cli.demo import run_demo

    run_demo(options.out, seed=options.seed)


def _report(options: argparse.Namespace) -> None:
    from depthviz.reports import report
    from depthviz.study import open_study

    print(f"Wrote {report(open_study(options.study), options.output)}")


def _info(options: argparse.Namespace) -> None:
    from depthviz.reports import (
        group_table,
        member_table,
        probe_table,
        provenance_table,
        say_meeting,
        written,
    )
    from depthviz.study import open_study
    from depthviz.study.members import is_ensemble

    study = open_study(options.study)
    tables = {"Probes": probe_table(study)}
    if is_ensemble(study.dataset):
        shown = study.dataset.attrs.get("shown_member", 0)
        tables = {
            f"Probes of member {shown}, the one that is shown": probe_table(study)
        }
        tables |= {"Groups": group_table(study), "Members": member_table(study)}
    print(study)
    for title, table in tables.items():
        print(f"\n{title}\n{written(table).to_string(index=False)}")
        if title == "Groups" and (meeting := say_meeting(study)):
            print(meeting)
    print("\nHow it was measured")
    for row in provenance_table(study).itertuples(index=False):
        print(f"{row.what}: {row.value}")
