"""Torch's ambient switches are known inside, and the caller's own again outside."""

import numpy as np
import pytest
import torch

from depthviz.machine.ambient import default_device_of_caller, neutral_state


def test_new_tensors_and_products_are_plain_inside() -> None:
    with (
        torch.device("meta"),
        torch.inference_mode(),
        torch.autocast("cpu", dtype=torch.bfloat16),
        neutral_state(),
    ):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
        assert product.device.type == "cpu"
        assert product.dtype == torch.float32
        assert not product.is_inference()
        assert not torch.is_grad_enabled()


def test_gradients_are_recorded_where_they_are_wanted() -> None:
    with torch.no_grad(), neutral_state(gradients=True):
        assert torch.is_grad_enabled()


def test_the_switches_of_the_caller_are_back_after_an_error() -> None:
    with torch.device("meta"), torch.autocast("cpu", dtype=torch.bfloat16):
        with pytest.raises(KeyboardInterrupt), neutral_state():
            raise KeyboardInterrupt
        assert torch.get_default_device().type == "meta"
        assert torch.is_autocast_enabled("cpu")


def test_a_network_gets_the_device_of_the_caller() -> None:
    with torch.device("meta"), neutral_state(), default_device_of_caller():
        assert torch.ones(1).device.type == "meta"
    with default_device_of_caller():
        assert torch.ones(1).device.type == "cpu"


def test_functions_are_decorated() -> None:
    decorated = neutral_state()(torch.is_grad_enabled)
    assert not decorated()
    assert torch.is_grad_enabled()


def test_a_caller_who_has_numpy_raise_gets_the_same() -> None:
    small = np.float32([1e-30])

    @neutral_state()
    def halved() -> float:
        return float(small.astype(np.float16)[0])

    with np.errstate(all="raise"):
        with pytest.raises(FloatingPointError):
            small.astype(np.float16)
        assert halved() == 0
        with pytest.raises(FloatingPointError):
            small.astype(np.float16)
