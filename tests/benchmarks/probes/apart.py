"""A check in a process of its own, which may end or take too long."""

from multiprocessing import get_context
from multiprocessing.connection import Connection

from tests.benchmarks.probes.check import Result, check

__all__ = ["check_apart"]

LIBRARIES = ("torchvision.models", "timm", "transformers")


def check_apart(
    family: str, name: str, *, limit: float, structure: bool = False
) -> Result:
    """Check a network in a process of its own, for so many seconds at most."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.benchmarks.probes.check", *LIBRARIES])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(theirs, family, name, structure))
    process.start()
    theirs.close()
    try:
        if not ours.poll(limit):
            return Result(family, name, "time", f"more than {limit:.0f} s")
        return ours.recv()
    except EOFError:
        process.join()
        return Result(family, name, "ended", f"exit code {process.exitcode}")
    finally:
        process.kill()
        process.join()


def _send(pipe: Connection, family: str, name: str, structure: bool) -> None:
    pipe.send(check(family, name, structure=structure))
