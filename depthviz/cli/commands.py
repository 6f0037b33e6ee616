"""The commands of `depthviz`, and how they report what went wrong.

A mistake of the user ends with one line and code 2, an interruption with code 130,
damaged files that were looked for with code 1; anything else is a defect and shows its
traceback.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from depthviz.cli.parser import build_parser
from depthviz.errors import DepthvizError
from depthviz.machine.console import plain_console

if TYPE_CHECKING:
    import pandas as pd

    from depthviz.study import Study

__all__ = ["main"]

_MISTAKE = 2
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The words after `depthviz`; by default those of the process.

    Returns:
        The exit status: 0, or 1 if `info --check` finds damage, 2 for a mistake, 130
        when interrupted.
    """
    with plain_console():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    options = build_parser().parse_args(arguments)
    _share_cores()
    try:
        return _COMMANDS[options.command](options) or 0
    except (DepthvizError, OSError) as error:
        print(f"depthviz: {error}", file=sys.stderr)
        return _MISTAKE
    except KeyboardInterrupt:
        print("depthviz: interrupted; no half-written file is left.", file=sys.stderr)
        return _INTERRUPTED


def _share_cores() -> None:
    """Let waiting threads sleep: spinning ones starve the work on a busy machine.

    OpenMP reads this once, when torch is loaded, which no command has done yet.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _demo(options: argparse.Namespace) -> None:
    from depthviz.cli.demo import run_demo

    run_demo(options.out, seed=options.seed)


def _report(options: argparse.Namespace) -> None:
    from depthviz.reports import report
    from depthviz.study import open_study

    print(f"Wrote {report(open_study(options.study), options.output)}")


def _info(options: argparse.Namespace) -> int:
    if options.check:
        from depthviz.cli.check import check_files

        return check_files(options.study)
    from depthviz.reports import provenance_table
    from depthviz.reports.findings import describe_ties
    from depthviz.reports.table_text import format_table
    from depthviz.study import open_study

    study = open_study(options.study)
    print(study)
    for title, table in _tables(study).items():
        print(f"\n{title}\n{format_table(table).to_string(index=False)}")
        if title == "Groups" and (ties := describe_ties(study)):
            print(ties)
    print("\nHow it was measured")
    for row in provenance_table(study).itertuples(index=False):
        print(f"{row.what}: {row.value}")
    return 0


def _tables(study: "Study") -> "dict[str, pd.DataFrame]":
    from depthviz.reports import group_table, member_table, probe_table
    from depthviz.study.members import is_ensemble, shown_member

    if not is_ensemble(study.dataset):
        return {"Probes": probe_table(study)}
    member = shown_member(study.dataset)
    return {
        f"Probes of member {member}, the one that is shown": probe_table(study),
        "Groups": group_table(study),
        "Members": member_table(study),
    }


_COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "demo": _demo,
    "report": _report,
    "info": _info,
}
