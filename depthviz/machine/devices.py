"""Which device to compute on.

A word ("auto", "cuda", "mps", "cpu") becomes one `torch.device` that exists on this
machine, or an error that says what does. Moves nothing.
"""

import torch

from depthviz.errors import DeviceError

__all__ = ["resolve_device"]


def resolve_device(device: str | torch.device = "auto") -> torch.device:
    """Find the device that a word names.

    Args:
        device: "auto" takes CUDA where there is one, then Apple's MPS, then the CPU.

    Returns:
        A device of this machine.

    Raises:
        DeviceError: If this machine has no such device.

    Example:
        >>> resolve_device("cpu")
        device(type='cpu')
    """
    if device == "auto":
        return torch.device(_available()[0])
    try:
        resolved = torch.device(device)
    except RuntimeError:
        raise DeviceError(_message(device)) from None
    if resolved.type not in _available() or (resolved.index or 0) >= _count(resolved):
        raise DeviceError(_message(device))
    return resolved


def _available() -> list[str]:
    accelerators = {"cuda": torch.cuda, "mps": torch.backends.mps}
    return [name for name, kind in accelerators.items() if kind.is_available()] + [
        "cpu"
    ]


def _count(device: torch.device) -> int:
    return torch.cuda.device_count() if device.type == "cuda" else 1


def _message(device: str | torch.device) -> str:
    found = ", ".join(repr(name) for name in _available())
    return f"No device {str(device)!r} here. This machine has: {found}; or say 'auto'."
