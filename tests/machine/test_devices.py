"""Words for devices."""

import pytest
import torch

from depthviz.errors import DeviceError
from depthviz.machine.devices import resolve_device


def test_a_device_of_this_machine_is_found(device: torch.device) -> None:
    assert resolve_device(device) == device
    assert resolve_device("auto").type in {"cuda", "mps", "cpu"}


def test_auto_prefers_an_accelerator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert resolve_device("auto") == torch.device("mps")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert resolve_device("auto") == torch.device("cuda")


@pytest.mark.parametrize("word", ["graphics", "cuda:7", "meta", "cpu:1"])
def test_a_device_that_is_missing_is_refused_with_those_that_exist(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(DeviceError) as error:
        resolve_device(word)
    assert str(error.value) == (
        f"No device {word!r} here. This machine has: 'cpu'; or say 'auto'."
    )
