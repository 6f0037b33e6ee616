"""Label evidence against a definition in plain Python, and what must not change it."""

import math
from typing import NamedTuple

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from depthviz.difficulty import (
    ClassShares,
    LabelEvidence,
    ProbeWeights,
    class_shares,
    label_evidence,
    probe_weights,
)
from depthviz.errors import LabelError, ShapeError

CLASSES = 3


class Member(NamedTuple):
    """One network of a case: votes (P, N), neighbors (P, N, K), what it trained on."""

    votes: torch.Tensor
    index: torch.Tensor
    trained: torch.Tensor


class Case(NamedTuple):
    """Networks, the labels of their references, and mean held-out log-softmax."""

    members: list[Member]
    labels: torch.Tensor
    log_probability: torch.Tensor


@st.composite
def cases(draw: st.DrawFn) -> Case:
    probes, count, k, members = (draw(st.integers(1, most)) for most in (3, 6, 4, 3))
    seed = draw(st.integers(0, 2**16))
    by_heart = draw(st.booleans())
    generator = torch.Generator().manual_seed(seed)

    def whole(high: int, *shape: int) -> torch.Tensor:
        return torch.randint(0, high, shape, generator=generator)

    labels = whole(CLASSES, count)
    made = [
        Member(
            labels.expand(probes, count).clone()
            if by_heart
            else whole(CLASSES, probes, count),
            whole(count, probes, count, k),
            draw(st.sampled_from([whole(2, count) > 0, torch.ones(count) > 0])),
        )
        for _ in range(members)
    ]
    logits = torch.randn(count, CLASSES, generator=generator, dtype=torch.float64)
    log_probability = logits.log_softmax(1)
    log_probability[whole(2, count) > 0] = torch.nan
    return Case(made, labels, log_probability)


def slow_weights(member: Member, labels: list[int]) -> list[tuple[float, float]]:
    found = []
    for votes in member.votes.tolist():
        seen, unseen = [], []
        for vote, label, trained in zip(
            votes, labels, member.trained.tolist(), strict=True
        ):
            (seen if trained else unseen).append(vote == label)
        t = sum(seen) / len(seen) if seen else 0.0
        if not unseen:
            weight = max(0.0, t - 1 / CLASSES) ** 2 * (1 - t)
            found.append((weight, weight))
            continue
        a = sum(unseen) / len(unseen)
        weight = max(0.0, a - 1 / CLASSES) ** 2
        share = min(1.0, max(0.0, (1 - t) / max(1e-9, 1 - a))) if seen else 1.0
        found.append((weight, weight * share))
    return found


def slow(case: Case) -> list[tuple[float, int]]:
    labels = case.labels.tolist()
    k = case.members[0].index.shape[2]
    weights = [slow_weights(member, labels) for member in case.members]
    found = []
    for i, label in enumerate(labels):
        top, total = [0.0] * CLASSES, 0.0
        for member, of_probes in zip(case.members, weights, strict=True):
            for neighbors, (out, inside) in zip(
                member.index[:, i].tolist(), of_probes, strict=True
            ):
                weight = inside if member.trained[i] else out
                total += weight
                for one in neighbors:
                    top[labels[one]] += weight / k
        if total == 0:
            found.append((math.nan, -1))
            continue
        evidence = []
        for c in range(CLASSES):
            log_p = float(case.log_probability[i, c])
            log_p = 0.0 if math.isnan(log_p) else log_p
            evidence.append(math.log(top[c] / total + 1 / (2 * k)) + 0.5 * log_p)
        best = max((c for c in range(CLASSES) if c != label), key=lambda c: evidence[c])
        found.append((evidence[best] - evidence[label], best))
    return found


def fast(case: Case) -> LabelEvidence:
    weighted, weight = torch.tensor(0.0), torch.tensor(0.0)
    for member in case.members:
        weights = probe_weights(
            member.votes, case.labels, member.trained, classes=CLASSES
        )
        found = class_shares(
            member.index,
            case.labels,
            member.trained,
            weights=weights,
            classes=CLASSES,
        )
        weighted, weight = weighted + found.weighted, weight + found.weight
    return label_evidence(
        ClassShares(weighted, weight),
        case.labels,
        k=case.members[0].index.shape[2],
        log_probability=case.log_probability,
    )


def assert_same(one: LabelEvidence, other: LabelEvidence) -> None:
    torch.testing.assert_close(one.suspicion, other.suspicion, equal_nan=True)


@given(cases())
def test_evidence_is_that_of_the_slow_definition(case: Case) -> None:
    found, expected = fast(case), slow(case)
    assert found.suspicion.tolist() == pytest.approx(
        [suspicion for suspicion, _ in expected], nan_ok=True
    )
    for suggested, (suspicion, best) in zip(
        found.suggested_label.tolist(), expected, strict=True
    ):
        assert (suggested == -1) == math.isnan(suspicion) == (best == -1)


@given(cases(), st.permutations(range(CLASSES)))
def test_new_names_of_the_classes_change_no_suspicion(
    case: Case, names: list[int]
) -> None:
    renamed = torch.tensor(names)
    log_probability = torch.empty_like(case.log_probability)
    log_probability[:, renamed] = case.log_probability
    again = Case(
        [each._replace(votes=renamed[each.votes]) for each in case.members],
        renamed[case.labels],
        log_probability,
    )
    assert_same(fast(again), fast(case))


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_members_probes_and_examples_changes_nothing(
    case: Case, random: st.DataObject
) -> None:
    count, probes = len(case.labels), len(case.members[0].votes)
    rows, of_probes = list(range(count)), list(range(probes))
    for each in (rows, of_probes):
        random.shuffle(each)  # type: ignore[attr-defined]
    place = torch.empty(count, dtype=torch.long)
    place[torch.tensor(rows)] = torch.arange(count)
    members = [
        Member(
            each.votes[of_probes][:, rows],
            place[each.index[of_probes][:, rows]],
            each.trained[rows],
        )
        for each in reversed(case.members)
    ]
    again = fast(Case(members, case.labels[rows], case.log_probability[rows]))
    expected = fast(case)
    assert_same(again, LabelEvidence(expected.suspicion[rows], again.suggested_label))


def test_a_probe_that_knows_its_labels_by_heart_says_nothing_of_them() -> None:
    given_labels = torch.tensor([0, 1, 0, 1])
    trained = torch.tensor([True, True, False, False])
    heart = torch.tensor([[0, 1, 0, 0]])
    weights = probe_weights(heart, given_labels, trained, classes=2)
    assert weights.held_out.tolist() == [0.0]
    good = torch.tensor([[0, 1, 0, 1]])
    assert probe_weights(good, given_labels, trained, classes=2).trained == 0
    everything = torch.ones(4, dtype=torch.bool)
    assert probe_weights(good, given_labels, everything, classes=2).trained == 0
    none = torch.zeros(4, dtype=torch.bool)
    assert probe_weights(good, given_labels, none, classes=2).held_out == 0.25


def test_what_does_not_fit_is_refused() -> None:
    index, labels = torch.zeros(2, 3, 4, dtype=torch.long), torch.zeros(1).long()
    trained = torch.zeros(3, dtype=torch.bool)
    with pytest.raises(ShapeError, match="weights"):
        class_shares(
            index,
            labels,
            trained,
            weights=ProbeWeights(torch.ones(1), torch.ones(1)),
            classes=2,
        )
    with pytest.raises(ShapeError, match="at least one probe"):
        class_shares(
            index[:0],
            labels,
            trained,
            weights=ProbeWeights(torch.ones(0), torch.ones(0)),
            classes=2,
        )
    with pytest.raises(LabelError):
        probe_weights(
            torch.zeros(1, 3).long(), torch.tensor([0, 5, 1]), trained, classes=2
        )
    one = ClassShares(torch.ones(3, 1), torch.ones(3))
    with pytest.raises(ShapeError, match="two classes"):
        label_evidence(one, torch.zeros(3).long(), k=4)
