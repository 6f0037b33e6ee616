"""What the head of a network reads of its tokens, found in a forward pass.

Between the last tokens `(B, T, D)` and the logits some step leaves one row for each
example. It is often no module of its own (`hidden[:, 0]`, `hidden.mean(1)`), but the
next module is given its result: so whatever is given as `(B, D)`, and the logits
themselves, are compared with each pooling of the tokens that were made before.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from depthviz.embeddings.hooks import removed_hooks
from depthviz.embeddings.outputs import find_logits
from depthviz.embeddings.pooling import POOLS, PoolName, pooled
from depthviz.embeddings.reading import read_output
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.tracing import first_look, hookable_modules

__all__ = ["find_head_pool"]

_REMEMBERED = 6  # outputs of modules that may be the tokens that the head reads
_EXACT = {torch.float16: 2e-2, torch.bfloat16: 5e-2}
_TOKENS, _ROWS = 3, 2  # dimensions


def find_head_pool(
    network: nn.Module,
    batch: Any,
    *,
    examples: int,
    mask: Tensor | None = None,
    call: Forward | None = None,
) -> PoolName | None:
    """Find by which rule a network's own head makes a row of the tokens.

    Args:
        network: Network in evaluation mode, without wrapper.
        batch: Inputs of some examples.
        examples: How many they are, B, at least 2.
        mask: Which tokens count, shape `(B, T)`; None for all.
        call: Calls the network, in place of the usual way.

    Returns:
        The rule; None where no step agrees with one, as with attention pooling.

    Example:
        >>> class Mean(nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.embed, self.head = nn.Embedding(9, 4), nn.Linear(4, 3)
        ...     def forward(self, ids):
        ...         return self.head(self.embed(ids).mean(1))
        >>> find_head_pool(Mean(), torch.arange(6).reshape(2, 3), examples=2)
        'mean'
    """
    search = _Search(examples, mask)
    with torch.no_grad(), removed_hooks() as add:
        for _, module in hookable_modules(network):
            add(module.register_forward_pre_hook, search.given, with_kwargs=True)
            add(module.register_forward_hook, search.returned)
        logits = find_logits(first_look(network, batch, call))
    if logits is not None and logits.ndim == _ROWS:
        search.compare(logits)
    return search.found


class _Search:
    """Compares rows that modules are given with the tokens made before them."""

    def __init__(self, examples: int, mask: Tensor | None) -> None:
        self.found: PoolName | None = None
        self._examples, self._mask = examples, mask
        self._tokens: deque[Tensor] = deque(maxlen=_REMEMBERED)

    def returned(self, module: nn.Module, _: object, output: object) -> None:
        """Remember what may be the tokens that the head reads."""
        tensor = read_output(module, output)
        if tensor is not None and not tensor.is_nested and tensor.ndim == _TOKENS:
            made = tensor.detach().clone()
            if not any(torch.equal(made, known) for known in self._tokens):
                self.found = None  # what was read before these was not for the head
            self._tokens.appendleft(made)

    def given(
        self, _: nn.Module, given: tuple[object, ...], named: dict[str, object]
    ) -> None:
        """Compare what a module is given; what is found last counts."""
        for value in (*given, *named.values()):
            if isinstance(value, Tensor) and value.is_floating_point():
                self.compare(value)

    def compare(self, rows: Tensor) -> None:
        """Note the one rule that makes these rows `(B, D)` of remembered tokens."""
        if rows.ndim != _ROWS or len(rows) != self._examples:
            return
        for output in self._tokens:
            for tokens in self._readings(output, rows.shape[1]):
                rules = {
                    rule for rule, made in self._made(tokens) if _are_equal(made, rows)
                }
                if len(rules) == 1:
                    self.found = rules.pop()
                    return

    def _readings(self, output: Tensor, features: int) -> Iterator[Tensor]:
        """Read an output as tokens `(B, T, D)`, whichever way its dimensions stand."""
        ways = {(0, 1, 2), (1, 0, 2), (0, 2, 1)}
        for way in sorted(ways):
            tokens = output.permute(way)
            fits = tokens.shape[2] == features or tokens[0].numel() == features
            if len(tokens) == self._examples and tokens.shape[1] > 1 and fits:
                yield tokens

    def _made(self, tokens: Tensor) -> Iterator[tuple[PoolName, Tensor]]:
        for rule in POOLS:
            yield rule, pooled(tokens, rule, mask=self._mask)
            if self._mask is not None:
                yield rule, pooled(tokens, rule)


def _are_equal(made: Tensor, rows: Tensor) -> bool:
    if made.shape != rows.shape:
        return False
    far = float((made - rows.float()).norm())
    return far <= _EXACT.get(rows.dtype, 1e-4) * float(rows.float().norm())
