"""Networks too large to run here: their structure, by shapes without values."""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

from depthviz.embeddings import tracing
from depthviz.embeddings.outputs import read_logits
from depthviz.embeddings.tracing import Trace

__all__ = ["is_large", "trace_without_values"]

LARGE = 300_000_000


class ShapesTrace(Trace):
    """A trace of tensors that have shapes alone."""

    def is_logits(self, path: str) -> bool:
        """Judge by the shape."""
        output = self.outputs.get(path)
        return output is not None and output.shape == self.logits.shape

    def repeats(self, path: str, inputs: Tensor) -> bool:
        """Say no: there are no values."""
        return False

    def same(self, path: str, other: str) -> bool:
        """Judge by the object."""
        return self.outputs[path] is self.outputs.get(other)


def is_large(build: Callable[[], Any]) -> bool:
    """Whether a network, built without values, has too many parameters to run."""
    try:
        model: nn.Module = build().model
    except Exception:  # some cannot be built without values; those are small
        return False
    return sum(each.numel() for each in model.parameters()) > LARGE


def trace_without_values(model: nn.Module, inputs: Tensor) -> Trace:
    """Trace a network on the meta device."""
    inputs = inputs.to("meta")
    output, record = _run(model, inputs)
    _, second = _run(model, inputs[:1])
    return ShapesTrace(
        read_logits(output, len(inputs)),
        record.outputs,
        record.others,
        record.record.calls,
        0.0,
        frozenset(),
        record.stamps,
        second.record.calls,
    )


def _run(model: nn.Module, inputs: Tensor) -> tuple[object, Any]:
    record = tracing._Record()
    with tracing.removed_hooks() as add:
        for path, module in tracing.hookable_modules(model):
            begin = tracing.partial(record.begin, path)
            add(module.register_forward_pre_hook, begin, with_kwargs=True)
            add(module.register_forward_hook, tracing.partial(record.note, path))
        return tracing.first_look(model, inputs), record
