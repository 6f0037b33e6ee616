"""The commands of `depthviz`, each loading what it needs when it runs.

So that words are completed and help is shown at once, nothing here imports torch,
pandas or Altair.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from depthviz.cli.exit_codes import exit_status
from depthviz.cli.parser import build_parser
from depthviz.errors import ArgumentError, DataError
from depthviz.machine.console import plain_console

if TYPE_CHECKING:
    from depthviz.annotations import Annotations

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The words after `depthviz`; by default those of the process.

    Returns:
        The exit status: 0, or 1 if `info --check` finds damage or something fails
        while it runs, 2 for a mistake, 130 when interrupted, 141 when nobody reads on.
    """
    with plain_console():
        return exit_status(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    options = build_parser().parse_args(arguments)
    _share_cores()
    return _COMMANDS[options.command](options) or 0


def _share_cores() -> None:
    """Let waiting threads sleep: spinning ones starve the work on a busy machine.

    OpenMP reads this once, when torch is loaded, which no command has done yet.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _demo(options: argparse.Namespace) -> None:
    print("Loading PyTorch …", flush=True)
    from depthviz.cli.demo import run_demo

    run_demo(options.out, seed=options.seed)


def _report(options: argparse.Namespace) -> None:
    from depthviz.machine.files import check_writable
    from depthviz.machine.paths import local_path
    from depthviz.reports import report
    from depthviz.study import open_study

    check_writable(local_path(options.output))
    names = options.sections and [one.strip() for one in options.sections.split(",")]
    with ExitStack() as stack:
        store = None
        if options.annotations:
            store = stack.enter_context(_existing_store(options.annotations))
        written = report(
            open_study(options.study),
            options.output,
            title=options.title,
            sections=names,
            annotations=store,
            max_bytes=options.max_bytes,
        )
    print(f"Wrote {written}")


def _existing_store(place: str) -> "Annotations":
    """Open a store that is there: a report makes none."""
    from depthviz.annotations import open as open_annotations

    if "://" not in place and not os.path.exists(place):
        raise DataError(f"Expected a store of annotations, but there is no {place}.")
    return open_annotations(place)


def _info(options: argparse.Namespace) -> int:
    if options.check:
        from depthviz.cli.check import check_files

        return check_files(options.study)
    from depthviz.cli.info import print_info

    print_info(options.study, as_json=options.json)
    return 0


def _figure(options: argparse.Namespace) -> None:
    from depthviz.cli.figure import list_figures, write_figure

    if options.list:
        list_figures(options.study)
    else:
        write_figure(options)


def _export(options: argparse.Namespace) -> None:
    from depthviz.study import open_study

    study = open_study(options.study)
    written = study.to_parquet(options.output, thumbnails=options.thumbnails)
    print(f"Wrote {written}")


def _completion(options: argparse.Namespace) -> None:
    from depthviz.cli.completion import complete, completion_script

    if options.words is not None:
        print("\n".join(complete(options.words)))
    elif options.shell is None:
        raise ArgumentError("Name a shell: bash, zsh or fish.")
    else:
        print(completion_script(options.shell), end="")


_COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "demo": _demo,
    "report": _report,
    "info": _info,
    "figure": _figure,
    "export": _export,
    "completion": _completion,
}
