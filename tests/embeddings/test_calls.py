"""A probe at one call of a layer that runs several times."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

import depthviz as dv
from depthviz.embeddings import Probe, choose_probes, describe_probes
from depthviz.embeddings.stream import stream_embeddings
from depthviz.ensembles.plan import _describe_probe
from depthviz.errors import ModelError, ProbeError
from tests.embeddings.stacked import ROWS, Looped


def test_a_path_and_a_call_make_a_probe() -> None:
    probe = Probe("block", call=2)
    assert probe == Probe("block call 2", "block", call=2)
    assert replace(probe, name="second") == Probe("second", "block", call=2)
    assert describe_probes([probe]) == "1 probe: block call 2 (call 2 of block)"


@pytest.mark.parametrize("call", [0, -1, 1.0, True, "2"])
def test_calls_count_from_one(call: object) -> None:
    with pytest.raises(ProbeError, match="count from 1"):
        Probe("block", "block", call=call)  # type: ignore[arg-type]
    with pytest.raises(ProbeError, match="count from 1"):
        Probe("softmax", call=call)  # type: ignore[arg-type]


def test_without_a_call_the_last_is_read_and_either_side_can_be() -> None:
    model = Looped(3)
    probes = [Probe("in", "block", "input", 2), Probe("out", "block", call=2), "block"]
    chosen = choose_probes(model, ROWS, probes)
    [batch] = stream_embeddings(model, [ROWS], chosen, device=torch.device("cpu"))
    with torch.no_grad():
        once = model.block(ROWS)
        twice = model.block(once)
        thrice = model.block(twice)
    found = [batch.embeddings[name] for name in ("in", "out", "block")]
    assert all(map(torch.equal, found, (once, twice, thrice)))


def test_calls_are_counted_anew_in_each_batch() -> None:
    model, probe = Looped(2), Probe("block", call=1)
    chosen = choose_probes(model, ROWS, [probe])
    batches = [ROWS, 2 * ROWS]
    stream = stream_embeddings(model, batches, chosen, device=torch.device("cpu"))
    for batch, rows in zip(list(stream), batches, strict=True):
        with torch.no_grad():
            assert torch.equal(batch.embeddings["block call 1"], model.block(rows))


def test_a_call_that_does_not_come_is_refused_with_how_many_do() -> None:
    with pytest.raises(ModelError, match=r"ran 3 times .* call 4\. Choose one up to 3"):
        choose_probes(Looped(3), ROWS, [Probe("block", call=4)])


def test_calls_stand_in_their_order() -> None:
    second, first = Probe("block", call=2), Probe("block", call=1)
    with pytest.raises(ProbeError, match=r"\['block call 1', 'block call 2'\], got"):
        choose_probes(Looped(3), ROWS, [second, first])


def test_a_study_and_a_run_say_which_call_was_read(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(40, 8, generator=generator).numpy()
    study = dv.measure(
        Looped(3),
        (rows, torch.arange(40).numpy() % 5),
        probes=[Probe("block", call=1), "block"],
        k=3,
        projection=None,
        progress=False,
    )
    kept = dv.open_study(study.save(tmp_path / "study.zarr"))
    assert kept.dataset.attrs["probes"][1:3] == [
        {"name": "block call 1", "module": "block", "at": "output", "call": 1},
        {"name": "block", "module": "block", "at": "output"},
    ]
    words = _describe_probe(Probe("block", call=1)), _describe_probe(Probe("b", "b"))
    assert words == ("block call 1: block output call 1", "b: b output")
