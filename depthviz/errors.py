"""The errors a user of depthviz meets.

Every error says what was expected, what came, what exists and what to do next. Each
shares `DepthvizError`, so that one `except` catches all of ours, and a builtin, so that
code which knows nothing of depthviz catches it too. This module imports nothing:
everything else may raise from it.
"""

__all__ = [
    "ArgumentError",
    "DataError",
    "DependencyError",
    "DepthvizError",
    "DeviceError",
    "DiskError",
    "DivergenceError",
    "FeatureError",
    "FormatError",
    "KeywordError",
    "LabelError",
    "MemoryLimitError",
    "ModelError",
    "ProbeError",
    "ScratchError",
    "ShapeError",
    "StudyError",
    "TaskError",
]


class DepthvizError(Exception):
    """Any error that depthviz raises on purpose."""


class ArgumentError(DepthvizError, ValueError):
    """An argument lies outside the values it may take."""


class KeywordError(DepthvizError, TypeError):
    """A keyword argument has another name now; the message gives it."""


class ShapeError(DepthvizError, ValueError):
    """Arrays do not cover the same examples, or have the wrong dimensions."""


class LabelError(DepthvizError, ValueError):
    """Labels or classes are not integers, or lie outside the known classes."""


class FeatureError(DepthvizError, ValueError):
    """Features cannot be compared: NaN or infinite, of zero norm, or none at all."""


class StudyError(DepthvizError, ValueError):
    """A study lacks what was asked of it, or its parts do not fit together."""


class FormatError(DepthvizError, ValueError):
    """A stored study is of a newer format, or is broken."""


class ModelError(DepthvizError, ValueError):
    """What comes out of the network, or of one of its modules, cannot be used."""


class DivergenceError(DepthvizError, FloatingPointError):
    """The loss of a network became NaN or infinite while it trained.

    Attributes:
        step: The step at which it did, from 1; 0 where none is known.
    """

    def __init__(self, message: str, *, step: int) -> None:
        super().__init__(message)
        self.step = step

    def __reduce__(self) -> tuple[object, ...]:
        """Cross to another process with the step."""
        return _diverged, (str(self), self.step)


class DeviceError(DepthvizError, RuntimeError):
    """This machine has no such device, or tensors lie on different ones."""


class DiskError(DepthvizError, OSError):
    """A file or folder cannot be read or written; `errno` is the system's reason.

    Attributes:
        errno: The system's number for what went wrong; None where it has none.
    """

    def __init__(self, message: str, *, errno: int | None = None) -> None:
        super().__init__(message)
        self.errno = errno

    def __reduce__(self) -> tuple[object, ...]:
        """Cross to another process with the reason."""
        return _failed_on_disk, (str(self), self.errno)


class DataError(DepthvizError, TypeError):
    """A dataset returns something other than an input and a label."""


class MemoryLimitError(DepthvizError, MemoryError):
    """The machine, its container or a limit of the process gave no more memory."""

    def __new__(cls, *args: object) -> "MemoryLimitError":
        """Make one without `MemoryError.__new__`, which takes no class of two kinds."""
        return Exception.__new__(cls, *args)


class TaskError(DepthvizError, RuntimeError):
    """A task that was handed to an executor failed; the cause is chained."""


class ScratchError(DepthvizError, OSError):
    """The folder for scratch files is full, too small, or takes no file."""


class DependencyError(DepthvizError, ImportError):
    """An optional library is missing; the message holds the line that installs it."""


class ProbeError(DepthvizError, KeyError):
    """No probe has this name.

    Example:
        >>> print(ProbeError("Unknown probe 'conv9'."))
        Unknown probe 'conv9'.
    """

    def __str__(self) -> str:
        """Return the message itself: `KeyError` would show its repr."""
        return Exception.__str__(self)


def _diverged(message: str, step: int) -> DivergenceError:
    return DivergenceError(message, step=step)


def _failed_on_disk(message: str, errno: int | None) -> DiskError:
    return DiskError(message, errno=errno)
