"""How much it takes to have seen an example to get it right.

An example that networks predict only when they trained on it was learned by heart. The
subsets are those of the ensemble, so what is estimated is the effect of seeing the
example among about as many others as a member sees. Knows nothing of how
influential the example is for others.
"""

from typing import NamedTuple

from torch import Tensor

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.difficulty.averages import check_booleans, check_counted, member_mean

__all__ = ["Memorization", "influence", "memorization"]


class Memorization(NamedTuple):
    """A difference of two shares for each example.

    Attributes:
        mean: The difference, float64, shape `(N,)`, in [-1, 1]; NaN where all members
            trained on the example, or none.
        error: Its standard error, float64, shape `(N,)`; NaN where fewer than two
            members are on either side.
    """

    mean: Tensor
    error: Tensor


@takes_arrays
def memorization(correct: Tensor, in_train: Tensor, counted: Tensor) -> Memorization:
    """Compare how often an example is right when trained on and when not.

    The share of the members trained on it that predict its label, minus that share of
    the others. The two are independent, so the squares of their standard errors add up.

    Args:
        correct: Whether each member predicts the label, booleans, shape `(M, N)`.
        in_train: Whether it trained on the example, booleans, shape `(M, N)`.
        counted: Which members count, booleans, shape `(M, N)`; those that failed do
            not.

    Returns:
        Difference and standard error.

    Raises:
        ShapeError: If the three do not cover the same members and examples.
        ArgumentError: If one of them is not boolean.

    Example:
        >>> import torch
        >>> correct = torch.tensor([[1, 1], [1, 1], [0, 1], [0, 0]]).bool()
        >>> in_train = torch.tensor([[1, 1], [1, 1], [0, 0], [0, 0]]).bool()
        >>> memorization(correct, in_train, torch.ones_like(in_train)).mean
        tensor([1.0000, 0.5000], dtype=torch.float64)

    References:
        Feldman & Zhang (2020). https://arxiv.org/abs/2008.03703
    """
    check_shape("correct", correct, "M N", None, None)
    check_shape("in_train", in_train, "M N", *correct.shape)
    check_counted(counted, *correct.shape)
    check_booleans("correct", correct)
    check_booleans("in_train", in_train)
    trained = member_mean(correct, counted & in_train)
    held_out = member_mean(correct, counted & ~in_train)
    error = (trained.error**2 + held_out.error**2).sqrt()
    return Memorization(trained.mean - held_out.mean, error)


@takes_arrays
def influence(test_correct: Tensor, in_train: Tensor, counted: Tensor) -> Tensor:
    """Compare how often others are right when an example was trained on and when not.

    Args:
        test_correct: Whether each member predicts the label of V other examples, which
            none trained on, booleans, shape `(M, V)`.
        in_train: Whether it trained on each of N examples, booleans, shape `(M, N)`.
        counted: Which members count, booleans, shape `(M,)`.

    Returns:
        Differences of the two shares, float64, shape `(V, N)`, in [-1, 1]; NaN where
        all members trained on the example, or none.

    Raises:
        ShapeError: If the three do not cover the same members.
        ArgumentError: If one of them is not boolean.

    Example:
        >>> import torch
        >>> right = torch.tensor([[1], [1], [0], [0]]).bool()
        >>> in_train = torch.tensor([[1, 0], [1, 1], [0, 0], [0, 1]]).bool()
        >>> influence(right, in_train, torch.ones(4).bool())
        tensor([[1., 0.]], dtype=torch.float64)

    References:
        Feldman & Zhang (2020). https://arxiv.org/abs/2008.03703
    """
    check_shape("test_correct", test_correct, "M V", None, None)
    check_shape("in_train", in_train, "M N", len(test_correct), None)
    check_shape("counted", counted, "M", len(test_correct))
    check_booleans("test_correct", test_correct)
    check_booleans("in_train", in_train)
    check_booleans("counted", counted)
    right, with_it = test_correct[counted].double(), in_train[counted].double()
    without = 1 - with_it
    shares = [right.T @ each / each.sum(0) for each in (with_it, without)]
    return shares[0] - shares[1]
