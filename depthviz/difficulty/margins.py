"""How far an example is from another class: in the logits, and in the input.

The margin of the logits has no unit; divided by the slope of the difference of the two
largest logits it becomes a distance in the input space, to first order, to where the
second class would win. Margins are of the prediction, right or wrong: nothing here
knows the label. Slopes are taken in float32 or better: in half precision a gradient
leaves the numbers that there are long before a network is unusual.
"""

from collections.abc import Iterator
from itertools import chain

import torch
from torch import Tensor, nn
from torch.func import functional_call

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.embeddings.outputs import read_logits
from depthviz.embeddings.probe import unwrap
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.state import lent
from depthviz.errors import DataError, ModelError, ShapeError
from depthviz.machine.ambient import default_device_of_caller, neutral_state
from depthviz.machine.exhaustion import explained_memory
from depthviz.machine.interrupts import restoring

__all__ = ["input_margin", "output_margin"]

HALF = (torch.float16, torch.bfloat16)


@takes_arrays
def output_margin(logits: Tensor) -> Tensor:
    """Subtract the second largest logit from the largest.

    Args:
        logits: Floats, shape `(N, C)` with C at least 2.

    Returns:
        Margin of each example, shape `(N,)`, 0 or more, float32 or float64; NaN where a
        logit is NaN.

    Raises:
        ShapeError: If logits are not of this shape.

    Example:
        >>> output_margin(torch.tensor([[1.0, 4.0, 2.5], [0.0, 0.0, -1.0]]))
        tensor([1.5000, 0.0000])
    """
    check_shape("logits", logits, "N C", None, None)
    if logits.shape[1] < 2:
        raise ShapeError("A margin needs at least two classes, got logits of one.")
    precise = logits if logits.dtype == torch.float64 else logits.float()
    largest, second = precise.topk(2, dim=1).values.unbind(1)
    return largest - second


@explained_memory()
@takes_arrays
def input_margin(
    model: nn.Module, inputs: Tensor, *, forward: Forward | None = None
) -> Tensor:
    """Estimate how far inputs are from where another class would be predicted.

    `(z_a - z_b) / ||grad_x z_a - grad_x z_b||` of the two largest logits, in Euclidean
    distance: exact where the network is linear up to there. The network runs in
    evaluation mode, so that the examples of a batch do not touch each other (a batch
    norm without running statistics would make them), with one backward pass that
    computes no gradient of a parameter. Afterwards the network is as it was.

    A network of half precision is computed in float32 from the same parameters, and
    ambient autocast is off meanwhile; inputs that a network itself casts to half are
    not supported. Parameters made in inference mode, which take no part in gradients,
    are copied. Both copies need memory for as long as a call takes.

    Args:
        model: Network that takes inputs and returns logits.
        inputs: Floats, shape `(B, …)`; they are not written into. The network is moved
            to their device meanwhile.
        forward: Calls the network with a batch, `lambda model, batch: logits`, where
            its own call is another.

    Returns:
        Distance of each example, shape `(B,)`, in the units of the inputs, 0 or more,
        float32 or float64; infinite where the gradients are equal and the logits are
        not.

    Raises:
        DataError: If inputs are not floats: a token has no distance.
        ModelError: If the network returns no logits, or cuts their gradient.

    Example:
        >>> plane = nn.Linear(2, 2, bias=False)
        >>> plane.weight.data = torch.tensor([[3.0, 0.0], [0.0, 4.0]])
        >>> input_margin(plane, torch.tensor([[5.0, 0.0], [0.0, 0.0]]))
        tensor([3., 0.])

    References:
        Baldock, Maennel & Neyshabur (2021). https://arxiv.org/abs/2106.09647
        Elsayed et al. (2018). https://arxiv.org/abs/1803.05598
    """
    if not inputs.is_floating_point():
        raise DataError(
            f"An input margin needs inputs of floats, got {inputs.dtype}; convert them "
            "or do without."
        )
    network = unwrap(model)
    # Tensors made in inference mode take no part in gradients: leave it and copy.
    with (
        neutral_state(gradients=True),
        lent(network, inputs.device),
        _without_gradients(network),
    ):
        margin, slope = _margin_and_slope(network, inputs, forward)
    return (margin / slope).masked_fill(margin == 0, 0)


def _margin_and_slope(
    network: nn.Module, inputs: Tensor, call: Forward | None
) -> tuple[Tensor, Tensor]:
    precise = _precise(_float_type(network, inputs.dtype))
    start = inputs.to(precise, copy=True).requires_grad_()
    # A clone, because the network may write into what it is given.
    given, copies = start.clone(), _copies(network)
    with default_device_of_caller():
        if call is not None:
            output = _called_with(network, copies, call, given)
        elif copies:
            output = functional_call(network, copies, given)
        else:
            output = network(given)
    margin = output_margin(read_logits(output, len(inputs)))
    if not margin.requires_grad:
        raise ModelError(
            "The logits have no gradient with respect to the inputs: the network "
            "detaches something, or computes under torch.no_grad()."
        )
    (gradient,) = torch.autograd.grad(margin.sum(), start, materialize_grads=True)
    return margin.detach(), _norm(gradient[..., None].flatten(1).to(margin.dtype))


def _called_with(
    network: nn.Module, copies: dict[str, Tensor], call: Forward, given: Tensor
) -> object:
    """Call a network by a function, with copies of some of its tensors."""

    class Called(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, given: Tensor) -> object:
            return call(self.network, given)

    named = {f"network.{name}": each for name, each in copies.items()}
    return functional_call(Called(), named, given)


def _norm(rows: Tensor) -> Tensor:
    """Euclidean norms, shape `(B,)`, of rows whose squares may not be numbers."""
    largest = torch.linalg.vector_norm(rows, ord=torch.inf, dim=1)
    unit = largest.clamp(min=torch.finfo(rows.dtype).tiny)
    norms: Tensor = unit * torch.linalg.vector_norm(rows / unit[:, None], dim=1)
    return norms


def _float_type(network: nn.Module, otherwise: torch.dtype) -> torch.dtype:
    floats = (each.dtype for each in network.parameters() if each.is_floating_point())
    return next(floats, otherwise)


def _precise(kind: torch.dtype) -> torch.dtype:
    return kind if kind == torch.float64 else torch.float32


@torch.no_grad()
def _copies(network: nn.Module) -> dict[str, Tensor]:
    """Copy the parameters and buffers that no precise gradient goes through."""
    named = chain(network.named_parameters(), network.named_buffers())
    return {
        name: each.to(_precise(each.dtype), copy=True)
        if each.is_floating_point()
        else each.clone()
        for name, each in named
        if each.dtype in HALF or each.is_inference()
    }


@restoring
def _without_gradients(network: nn.Module) -> Iterator[None]:
    """Let parameters ask for no gradient: a layer then keeps less for going back."""
    asking = [
        each
        for each in network.parameters()
        if each.requires_grad and not each.is_inference()
    ]
    try:
        for each in asking:
            each.requires_grad_(False)
        yield
    finally:
        for each in asking:
            each.requires_grad_(True)
