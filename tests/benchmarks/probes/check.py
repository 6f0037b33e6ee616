"""One network: are its blocks found, in run order, and is it left as it was?"""

from time import perf_counter
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from depthviz.embeddings.capture import Capture
from depthviz.embeddings.outputs import read_logits
from depthviz.embeddings.probe import Probe
from depthviz.embeddings.probe_order import noted_order
from depthviz.embeddings.state import forward
from depthviz.embeddings.structure import automatic_probes, choose_pools, thinned
from depthviz.embeddings.tracing import trace
from depthviz.errors import DepthvizError
from tests.benchmarks.probes.families import Built, build
from tests.benchmarks.probes.unreal import is_large, trace_without_values

__all__ = ["Result", "check"]


class Result(NamedTuple):
    """What was found.

    Attributes:
        family: Of the network.
        name: Its name there.
        verdict: "found", or in a word what is amiss.
        reason: In words; empty if found.
        blocks: By its makers; 0 where they do not say.
        source: What said so.
        probes: Places between the ends, before any are thinned out.
        names: A few of the names.
        structure: Whether only its structure was looked at, without values.
        parameters: Of the network.
        search: Seconds of the search alone.
    """

    family: str
    name: str
    verdict: str
    reason: str = ""
    blocks: int = 0
    source: str = ""
    probes: int = 0
    names: tuple[str, ...] = ()
    structure: bool = False
    parameters: int = 0
    search: float = 0.0


def check(family: str, name: str, *, structure: bool = False) -> Result:
    """Build a network and judge the probes that are chosen for it.

    Args:
        family: Of the network.
        name: Its name there.
        structure: Whether to look at the structure of smaller networks alone, too.
    """
    try:
        with torch.device("meta"):
            large = structure or is_large(lambda: build(family, name))
        if large:
            with torch.device("meta"):
                built = build(family, name)
        else:
            built = build(family, name)
    except Exception as error:
        return Result(family, name, "not built", _words(error))
    found = Result(
        family,
        name,
        "found",
        blocks=built.blocks,
        source=built.source,
        structure=large,
        parameters=sum(each.numel() for each in built.model.parameters()),
    )
    try:
        return _judge(found, built)
    except Exception as error:
        return found._replace(verdict="error", reason=_words(error))


def _judge(found: Result, built: Built) -> Result:
    model, inputs = built.model, built.inputs
    untouched = None if found.structure else _logits(model, inputs)
    if isinstance(untouched, str):
        return found._replace(verdict="other inputs", reason=untouched)
    try:
        seen = (trace_without_values if found.structure else trace)(model, inputs)
    except DepthvizError as error:
        return found._replace(verdict="refused", reason=_words(error))
    began = perf_counter()
    with torch.no_grad():
        every = automatic_probes(model, inputs, seen)
    found = found._replace(
        probes=len(every),
        names=tuple(probe.name for probe in thinned(every, 6)),
        search=perf_counter() - began,
    )
    if untouched is not None:
        every = list(choose_pools(model, inputs, seen, every)[0])
    return _verdict(found, model, inputs, every, untouched)


def _verdict(
    found: Result,
    model: nn.Module,
    inputs: Tensor,
    probes: list[Probe],
    untouched: Tensor | None,
) -> Result:
    if untouched is not None:
        with (
            Capture(model, probes, inputs.device) as capture,
            noted_order(model, probes) as order,
        ):
            logits = _logits(model, inputs)
            capture.take(len(inputs))
        if list(order) != [probe.name for probe in probes]:
            return found._replace(verdict="order", reason=f"runs {list(order)[:8]}")
        if not torch.equal(logits, untouched):
            return found._replace(verdict="logits", reason="others with hooks")
    if not found.blocks:
        return found._replace(verdict="no count", reason=f"{found.probes} probes")
    if found.probes < max(found.blocks, 2):
        return found._replace(
            verdict="few", reason=f"{found.probes} of {found.blocks} ({found.source})"
        )
    listed = found.source == "feature_info"  # stages, mostly
    if not listed and found.probes > 2 * found.blocks + 8:
        return found._replace(
            verdict="many", reason=f"{found.probes} of {found.blocks} ({found.source})"
        )
    return found


def _logits(model: nn.Module, inputs: Tensor) -> Any:
    """Run a network; words where it does not take its inputs as one tensor."""
    torch.manual_seed(0)
    try:
        output = forward(model, inputs.clone())
    except Exception as error:
        return _words(error)
    return read_logits(output, len(inputs)).float()


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:160]}"
