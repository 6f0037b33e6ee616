"""How unsure one network is of an input, and in which direction it would be less so.

The entropy is that of the softmax of the network as it is now; whoever keeps it says of
which network and which step. Its gradient in the input is what guides a generator to
pictures that this network finds hard.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.embeddings.outputs import read_logits
from depthviz.embeddings.probe import unwrap
from depthviz.embeddings.state import lent
from depthviz.errors import DataError, ModelError
from depthviz.machine.ambient import default_device_of_caller, neutral_state
from depthviz.machine.exhaustion import explained_memory

__all__ = ["entropy_gradient", "entropy_step", "informativeness", "predictive_entropy"]

NO_LENGTH = 1e-8  # added to that of a gradient, as in the authors' code


@takes_arrays
def predictive_entropy(logits: Tensor) -> Tensor:
    """Measure the entropy of a network's softmax.

    Args:
        logits: Floats, shape `(N, C)`.

    Returns:
        Entropy in nats, float64, shape `(N,)`, in [0, log C]; NaN where a logit is.

    Raises:
        ShapeError: If logits are not of this shape.

    Example:
        >>> predictive_entropy(torch.tensor([[0.0, 0.0], [0.0, 900.0]]))
        tensor([0.6931, 0.0000], dtype=torch.float64)

    References:
        Askari-Hemmat et al. (2025). https://arxiv.org/abs/2502.15588
    """
    check_shape("logits", logits, "N C", None, None)
    logs = logits.double().log_softmax(1)
    return _entropy(logs)


@takes_arrays
def informativeness(logits: Tensor) -> Tensor:
    """Measure what the largest probability lacks to one.

    Args:
        logits: Floats, shape `(N, C)`.

    Returns:
        One less the largest softmax, float64, shape `(N,)`, in [0, 1 - 1/C]; NaN where
        a logit is.

    Raises:
        ShapeError: If logits are not of this shape.

    Example:
        >>> informativeness(torch.zeros(1, 4))
        tensor([0.7500], dtype=torch.float64)

    References:
        Park et al. (2022). https://arxiv.org/abs/2210.07805
    """
    check_shape("logits", logits, "N C", None, None)
    shares = logits.double().softmax(1)
    largest = shares.argmax(1, keepdim=True)
    others: Tensor = shares.scatter(1, largest, 0).sum(1)
    return others.masked_fill(logits.isnan().any(1), torch.nan)


@explained_memory()
@takes_arrays
def entropy_gradient(model: nn.Module, inputs: Tensor) -> Tensor:
    """Differentiate the entropy of a network's softmax by its inputs.

    The network runs in evaluation mode, and is as it was afterwards.

    Args:
        model: Network that takes inputs and returns logits.
        inputs: Floats, shape `(B, …)`; the network is moved to their device meanwhile.

    Returns:
        Gradients, of the shape of the inputs.

    Raises:
        DataError: If inputs are not floats.
        ModelError: If the network returns no logits, or cuts their gradient.

    Example:
        >>> flat = nn.Linear(2, 2)
        >>> flat.weight.data = torch.zeros(2, 2)
        >>> entropy_gradient(flat, torch.ones(1, 2))
        tensor([[0., 0.]])

    References:
        Askari-Hemmat et al. (2025). https://arxiv.org/abs/2502.15588
    """
    if not inputs.is_floating_point():
        raise DataError(
            f"A gradient needs inputs of floats, got {inputs.dtype}; convert them."
        )
    network = unwrap(model)
    with neutral_state(gradients=True), lent(network, inputs.device):
        start = inputs.detach().clone().requires_grad_()
        with default_device_of_caller():
            output = network(start.clone())
        logits = read_logits(output, len(inputs))
        if not logits.requires_grad:
            raise ModelError(
                "The logits have no gradient with respect to the inputs: the network "
                "detaches something, or computes under torch.no_grad()."
            )
        entropy = _entropy(logits.log_softmax(1))
        (gradient,) = torch.autograd.grad(entropy.sum(), start, materialize_grads=True)
    return gradient


@takes_arrays
def entropy_step(inputs: Tensor, gradient: Tensor, *, scale: float) -> Tensor:
    """Scale the gradients of inputs to a share of their own lengths.

    The step by which a generator's latent is moved towards what a network finds hard.

    Args:
        inputs: What the step is added to, shape `(B, …)`.
        gradient: Of the same shape.
        scale: Length of a step as a share of that of its input.

    Returns:
        Steps, of the same shape; 0 where the gradient is.

    Raises:
        ShapeError: If the two differ in shape.

    Example:
        >>> latent, gradient = torch.tensor([[3.0, 4.0]]), torch.tensor([[0.0, 2.0]])
        >>> entropy_step(latent, gradient, scale=1)
        tensor([[0., 5.]])

    References:
        Askari-Hemmat et al. (2023). https://arxiv.org/abs/2310.00158
    """
    letters = " ".join(["B", *"…" * (inputs.ndim - 1)])
    check_shape("gradient", gradient, letters, *inputs.shape)
    lengths = [each.flatten(1).norm(dim=1) for each in (inputs, gradient)]
    factor = scale * lengths[0] / (lengths[1] + NO_LENGTH)
    step: Tensor = gradient * factor.view(-1, *[1] * (inputs.ndim - 1))
    return step


def _entropy(logs: Tensor) -> Tensor:
    """Entropy of log-probabilities `(N, C)`, shape `(N,)`; 0 times infinity is 0."""
    terms = logs.exp() * logs.clamp(min=torch.finfo(logs.dtype).min)
    return terms.sum(1).abs()
