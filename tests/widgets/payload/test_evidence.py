"""What each side says is what the slow count finds."""

from functools import cache

import numpy as np

from depthviz.study import Study
from depthviz.widgets.payload.evidence import FACTS, ROLES, split_block
from depthviz.widgets.payload.pack import pack_study
from tests.studies import ensemble_study, tiny_study

NONE, NO_SHARE = 65535, 255


@cache
def voting_study() -> Study:
    """ensemble_study, with what each member's probes voted, drawn at random."""
    data = ensemble_study().dataset
    draw = np.random.default_rng(5)
    members, probes, count = (
        data.sizes[name] for name in ("member", "probe", "example")
    )
    each = ("member", "probe", "example")
    votes = draw.integers(0, data.sizes["class"], (members, probes, count))
    counts = draw.integers(0, data.sizes["neighbor"] + 1, (members, probes, count))
    labels = draw.integers(0, data.sizes["neighbor"] + 1, (members, probes, count))
    return Study(
        data.assign(
            member_vote=(each, votes.astype(np.uint8)),
            member_agreement=(each, counts.astype(np.uint8)),
            member_label_agreement=(each, labels.astype(np.uint8)),
        )
    )


def sides_of(study: Study):
    pack = pack_study(study)
    info = pack.manifest["details"]["sides"]
    probes = len(pack.manifest["probes"])
    facts, shares = split_block(pack.chunks["sides/0"], len(info["names"]), probes)
    named = {
        name: (dict(zip(FACTS, facts[i], strict=True)), shares[i])
        for i, name in enumerate(info["names"])
    }
    return named, study.dataset


def test_shares_of_the_shown_network_are_those_of_its_neighbors() -> None:
    named, data = sides_of(tiny_study())
    assert list(named) == ["shown"]
    facts, shares = named["shown"]
    labels = data["label"].values
    near = labels[data["neighbor_index"].values]
    wanted = {
        "given": labels,
        "suggested": data["suggested_label"].values,
        "predicted": data["prediction"].values,
    }
    k = data.sizes["neighbor"]
    for place, role in enumerate(ROLES):
        counts = (near == np.asarray(wanted[role])[:, None]).sum(-1)
        np.testing.assert_array_equal(np.rint(shares[place] / 254 * k), counts)
    np.testing.assert_array_equal(facts["networks"], 1)


def test_networks_are_counted_on_the_side_that_they_are_on() -> None:
    named, data = sides_of(voting_study())
    trained = data["in_train"].values[:-1]
    predictions = data["member_prediction"].values[:-1]
    votes, labels = data["member_vote"].values[:-1], data["label"].values
    probes = data.sizes["probe"]
    for name, mask in (("trained", trained), ("held_out", ~trained)):
        facts, _ = named[name]
        for i in range(len(labels)):
            here = mask[:, i]
            assert facts["networks"][i] == here.sum()
            if not here.any():
                assert facts["predicted"][i] == NONE
                continue
            counts = np.bincount(predictions[here, i])
            assert facts["predicted"][i] == counts.argmax()
            assert facts["predict_predicted"][i] == counts.max()
            assert (
                facts["predict_given"][i] == (predictions[here, i] == labels[i]).sum()
            )
            most = (votes[here, :, i] == labels[i]).sum(0) * 2 > here.sum()
            start = next(p for p in range(probes + 1) if most[p:].all())
            assert facts["given_from"][i] == start


def test_a_mean_is_over_the_networks_that_kept_the_count() -> None:
    named, data = sides_of(voting_study())
    k, labels = data.sizes["neighbor"], data["label"].values
    trained = data["in_train"].values[:-1]
    counts = data["member_label_agreement"].values[:-1].astype(float)
    near = labels[data["neighbor_index"].values]
    counts[0] = (near == labels[:, None]).sum(-1)  # the shown one counts its neighbors
    facts, shares = named["trained"]
    for i in range(len(labels)):
        mean = counts[trained[:, i], :, i].mean(0) / k
        np.testing.assert_allclose(shares[0, :, i] / 254, mean, atol=0.5 / 254 + 1e-9)
        assert facts["known_given"][i] == trained[:, i].sum()


def test_where_no_network_kept_a_count_it_is_missing() -> None:
    named, _ = sides_of(voting_study())
    facts, shares = named["held_out"]
    unknown = facts["known_suggested"] == 0
    assert unknown.any()
    assert (shares[1][:, unknown] == NO_SHARE).all()
    assert (shares[1][:, ~unknown] != NO_SHARE).all()


def test_a_study_without_votes_offers_no_sides() -> None:
    bare = Study(tiny_study().dataset.drop_vars("vote"))
    pack = pack_study(bare)
    assert pack.manifest["details"]["sides"] is None
    assert "sides" not in pack.manifest["families"]
