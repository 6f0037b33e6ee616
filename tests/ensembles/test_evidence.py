"""Suspicion of an ensemble, pooled from what `measure` finds of each network."""

import math

import numpy as np
import pytest
import torch

from depthviz import open_study
from depthviz.ensembles.plan import Kept, build_network, seeds_of
from depthviz.ensembles.run.folder import RunFolder
from depthviz.measurement import measure
from tests.ensembles.runs import (
    CLASSES,
    COUNT,
    LABELS,
    POINTS,
    differences,
    network,
    run,
    untrained,
)

K = 5


def slow_pool(found):
    """Pool shares and log-probabilities of all members, shape (N, C) each."""
    share, weight = np.zeros((COUNT, CLASSES)), np.zeros(COUNT)
    logs, held_out = np.zeros((COUNT, CLASSES)), np.zeros(COUNT)
    soft = np.zeros((COUNT, CLASSES))
    for member in range(found.sizes["member"]):
        trained = found["in_train"].values[member]
        model = build_network(network, seeds_of(0, member)[0]).eval()
        one = measure(
            model,
            (POINTS[trained], LABELS[trained]),
            (POINTS[~trained], LABELS[~trained]),
            k=K,
            projection=None,
            progress=False,
        ).dataset
        order = np.concatenate([np.flatnonzero(trained), np.flatnonzero(~trained)])
        right = one["vote"].values == LABELS[order]
        seen, unseen = right[:, : trained.sum()], right[:, trained.sum() :]
        a, t = unseen.mean(1), seen.mean(1)
        out = np.maximum(0, a - 1 / CLASSES) ** 2
        inside = out * np.clip((1 - t) / np.maximum(1 - a, 1e-9), 0, 1)
        labels = LABELS[order]
        for row, example in enumerate(order):
            of_probes = inside if trained[example] else out
            weight[example] += of_probes.sum()
            near = labels[one["neighbor_index"].values[:, row]]
            for probe, carried in enumerate(near):
                counts = np.bincount(carried, minlength=CLASSES)
                share[example] += of_probes[probe] * counts / K
        with torch.no_grad():
            log = model(torch.from_numpy(POINTS)).double().log_softmax(1).numpy()
        logs[~trained] += log[~trained]
        soft[~trained] += np.exp(log[~trained])
        held_out += ~trained
    return share / weight[:, None], logs / held_out[:, None], soft / held_out[:, None]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return run(tmp_path_factory.mktemp("evidence") / "run", recipe=untrained)


def test_suspicion_pools_all_members_by_the_rule(found):
    share, logs, soft = slow_pool(found)
    evidence = np.log(share + 1 / (2 * K)) + 0.5 * logs
    for i, label in enumerate(LABELS):
        others = np.delete(np.arange(CLASSES), label)
        best = others[evidence[i, others].argmax()]
        assert int(found["suggested_label"][i]) == best
        expected = evidence[i, best] - evidence[i, label]
        assert float(found["suspicion"][i]) == pytest.approx(expected, abs=0.01)
        entropy = -(soft[i] * np.log(soft[i])).sum()
        assert float(found["soft_entropy"][i]) == pytest.approx(entropy, abs=0.01)
    assert np.allclose(found["held_out_probability"], soft, atol=0.002)
    assert found["suspicion"].attrs["rule"] == "label evidence"


def test_label_agreement_counts_neighbors_with_the_given_label(found):
    shown = found.attrs["shown_member"]
    near = LABELS[found["neighbor_index"].values]
    counts = (near == LABELS[:, None]).sum(2)
    assert np.array_equal(found["member_label_agreement"].values[shown], counts)


def test_groups_go_by_the_depth_of_the_label_when_trained_on(found):
    assert found["group"].attrs["train_axis"] == "train_label_depth"
    low, high = found["group"].attrs["boundaries"][:2]
    assert (low, high) == tuple(
        np.quantile(found["train_label_depth"].values.astype(float), (0.3, 0.7))
    )


def test_a_run_that_an_earlier_version_began_keeps_its_rule(tmp_path, monkeypatch):
    place = tmp_path / "run"
    with monkeypatch.context() as earlier:
        old = Kept(evidence=False, fused=False)
        earlier.setattr(RunFolder, "kept", property(lambda _: old))
        before = run(place, recipe=untrained, members=4)
    assert "rule" not in before["suspicion"].attrs
    assert "earlier rule" in repr(open_study(place))
    after = run(place, recipe=untrained, members=5)
    assert after.sizes["member"] == 5
    assert "rule" not in after["suspicion"].attrs
    assert "suggested_label" not in after
    margins = after["member_suspicion"].values
    held_out = ~after["in_train"].values
    mean = (margins * held_out).sum(0) / held_out.sum(0)
    assert np.allclose(after["suspicion"], mean, atol=1e-6)
    assert not math.isnan(mean.sum())


def test_a_run_whose_steps_were_not_fused_goes_on_so(tmp_path, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(RunFolder, "kept", property(lambda _: Kept(fused=False)))
        whole = run(tmp_path / "whole", members=4)
        run(tmp_path / "run", members=3)
    resumed = run(tmp_path / "run", members=4)
    assert not differences(whole, resumed)
    fused = run(tmp_path / "fused", members=4)
    assert differences(whole, fused)
    margin = "member_output_margin"
    assert np.allclose(whole[margin], fused[margin], rtol=1e-2, atol=1e-3)
