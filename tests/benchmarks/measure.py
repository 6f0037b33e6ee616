"""Where the time of a measurement goes: `python -m tests.benchmarks.measure`.

ResNet-18 on CIFAR pictures with all probes: one forward pass, embedding, neighbors at
each probe, votes and depth, maps, and a whole `depthviz.measure`. What could not be
saved is one forward pass and the products of all pairs at the machine's best rate; the
target is a ratio to that. Then scikit-learn on the same activations, and the whole in
processes of its own: a first use, which compiles, and a warm one.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

import depthviz as dv
from depthviz.difficulty import prediction_depth
from depthviz.neighbors import nearest_neighbors
from depthviz.probes import knn_vote
from depthviz.projections import umap_layers
from tests.benchmarks.data import activations, have_pictures, trained
from tests.benchmarks.demo.measured import print_uses
from tests.benchmarks.machine import (
    Product,
    best_products,
    rate,
    seconds,
    threads,
    timed,
)
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.rivals import scikit_learn, truth, without_itself
from tests.benchmarks.tables import table, target

K = 30
PICTURES, QUICK = 5_000, 200
FEW = 1
REPEATS = 2


class Search(NamedTuple):
    """The neighbors at one probe, and the time they took.

    Attributes:
        name: The probe's.
        features: F.
        ours: Our seconds.
        rival: scikit-learn's.
        peak: Best rate of the products beside it, in GFLOP/s.
        votes: Ours, shape `(N,)`.
        equal: Share of the examples with equal votes.
        right: Whether float64 gives our votes wherever scikit-learn gives others.
        found: Distances and indices.
    """

    name: str
    features: int
    ours: float
    rival: float
    peak: float
    votes: Tensor
    equal: float
    right: bool
    found: tuple[Tensor, Tensor]

    def at(self, peak: float) -> float:
        """Seconds of the products of all pairs at a rate in GFLOP/s."""
        return 2.0 * len(self.votes) ** 2 * self.features / peak / 1e9


def main(argv: Sequence[str] | None = None) -> None:
    """Print all tables."""
    given = _arguments(argv)
    print(describe_processor())
    if not have_pictures():
        print(
            "This needs real pictures: cifar10_dev10k is not there; DEPTHVIZ_DATA "
            "names its folder."
        )
        return
    count = QUICK if given.quick else given.pictures
    with threads(given.threads):
        model, images, labels = trained(count, quick=given.quick)
        print(
            f"ResNet-18, trained briefly on {count:,} CIFAR-10 pictures; k = {K}, "
            f"{given.threads} threads.\n"
        )
        products = best_products(quick=given.quick)
        parts = _whole(model, images, labels, products, with_maps=not given.quick)
        print_uses(model, images, labels, k=K, parts=parts)
        if given.spill:
            _spill(model, images, labels)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few pictures, to try it")
    parser.add_argument("--pictures", type=int, default=PICTURES)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--spill", action="store_true", help="also with less memory than activations"
    )
    return parser.parse_args(argv)


def _whole(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    products: Sequence[Product],
    *,
    with_maps: bool,
) -> dict[str, float]:
    forward = _best(lambda: _forward(model, images))
    embed = partial(activations, model, images, labels)
    embedding, seen = min(
        (timed(embed) for _ in range(REPEATS)), key=lambda pair: pair[0]
    )
    searches = [
        _search(name, rows, labels, products) for name, rows in seen.rows.items()
    ]
    peak = max(search.peak for search in searches)
    at_peak = sum(search.at(peak) for search in searches)
    votes = torch.stack([search.votes for search in searches])
    after = seconds(lambda: _judge(searches, labels, seen.prediction))
    if with_maps:  # UMAP compiles first
        _maps(searches, FEW)
    maps = {"maps": seconds(lambda: _maps(searches))} if with_maps else {}
    projection = "umap" if with_maps else None
    total = seconds(lambda: _measure(model, images, labels, projection=projection))
    parts = {
        "one forward pass alone": forward,
        "products of all pairs at the peak": at_peak,
        "the same, each pair once": at_peak / 2,
        "embedding": embedding,
        "neighbors": sum(one.ours for one in searches),
        "votes and depth": after,
        **maps,
        "depthviz.measure, all of it": total,
    }
    print(_of_parts(parts))
    print(_of_searches(searches, peak))
    _targets(parts, searches)
    depth = prediction_depth(votes, seen.prediction)
    print(f"\nMean depth {depth.double().mean():.2f} of {len(votes)}.\n")
    return parts


def _search(
    name: str, rows: Tensor, labels: Tensor, products: Sequence[Product]
) -> Search:
    """Search at one probe, in turns with scikit-learn and the products."""
    _ours(rows[: 4 * K])  # libraries load, and choose or compile their code
    ours, rivals, peak = [], [], 0.0
    for _ in range(REPEATS):
        taken, found = timed(lambda: _ours(rows))
        ours.append(taken)
        taken, index = timed(lambda: scikit_learn(rows, rows, K + 1))
        rivals.append(taken)
        peak = max(peak, *(rate(product, repeats=1) for product in products))
    votes, other = knn_vote(found[1], labels), knn_vote(without_itself(index), labels)
    differ = (votes != other).nonzero().squeeze(1)
    return Search(
        name,
        rows.shape[1],
        min(ours),
        min(rivals),
        peak,
        votes,
        1 - len(differ) / len(rows),
        _right(rows, votes, labels, differ),
        found,
    )


def _ours(rows: Tensor) -> tuple[Tensor, Tensor]:
    found = nearest_neighbors(rows, rows, k=K, exclude=torch.arange(len(rows)))
    return found.distance, found.index


def _right(rows: Tensor, votes: Tensor, labels: Tensor, differ: Tensor) -> bool:
    """Ask float64 where two votes differ."""
    if not len(differ):
        return True
    exact = knn_vote(truth(rows, rows, K, differ), labels)
    return bool((exact == votes[differ]).all())


def _judge(searches: Sequence[Search], labels: Tensor, prediction: Tensor) -> None:
    votes = [knn_vote(search.found[1], labels) for search in searches]
    prediction_depth(torch.stack(votes), prediction)


def _maps(searches: Sequence[Search], count: int | None = None) -> None:
    """Make the maps of the first probes, or of all."""
    found = [search.found for search in searches[:count]]
    distance, index = (torch.stack(part).numpy() for part in zip(*found, strict=True))
    umap_layers(index, distance)


def _forward(model: nn.Module, images: Tensor) -> None:
    with torch.inference_mode():
        for part in images.split(250):
            model(part)


def _measure(
    model: nn.Module, images: Tensor, labels: Tensor, **options: Any
) -> dv.Study:
    data = torch.utils.data.TensorDataset(images, labels)
    return dv.measure(model, data, k=K, device="cpu", progress=False, **options)


def _best(run: Callable[[], object]) -> float:
    return min(seconds(run) for _ in range(REPEATS))


def _of_parts(parts: Mapping[str, float]) -> str:
    total = parts["depthviz.measure, all of it"]
    return table(
        "**Where the time goes.** `measure` also hashes, checks and packs the data.",
        ["part", "seconds", "of the whole"],
        [(name, taken, taken / total) for name, taken in parts.items()],
    )


def _of_searches(searches: Sequence[Search], peak: float) -> str:
    header = ["probe", "F", "ours, s", "products at the peak, s", "share of the peak"]
    return table(
        "**Neighbors at each probe**, queries are the references; the peak is "
        f"{peak:.0f} GFLOP/s (a share above 1: each product serves two queries).",
        [*header, "scikit-learn / ours", "equal votes"],
        [
            (
                one.name,
                one.features,
                one.ours,
                one.at(peak),
                one.at(peak) / one.ours,
                one.rival / one.ours,
                one.equal,
            )
            for one in searches
        ],
    )


def _targets(parts: Mapping[str, float], searches: Sequence[Search]) -> None:
    least = parts["one forward pass alone"]
    products = parts["products of all pairs at the peak"]
    ours, rival = parts["neighbors"], sum(one.rival for one in searches)
    work = ours + parts["embedding"]
    name = "(neighbors + embedding) / (one forward pass + products at the peak)"
    print("**Targets**\n")
    print(target(name, work / (least + products), most=1.25))
    once = work / (least + products / 2)
    print(f"  - with each pair's product counted once: {once:.2f}")
    print(target("scikit-learn / ours, all probes", rival / ours, least=3))
    equal = sum(one.equal for one in searches) / len(searches)
    print(target("votes equal to scikit-learn's", equal, least=1))
    settled = "all" if all(one.right for one in searches) else "**not all**"
    print(f"  - of our votes that differ from it, {settled} are those of float64")


def _spill(model: nn.Module, images: Tensor, labels: Tensor) -> None:
    """Print what it costs to have a quarter of the memory that activations fill."""
    seen = activations(model, images[:2], labels[:2])
    width = sum(rows.shape[1] for rows in seen.rows.values())
    limit = 4 * width * len(images) // 4
    run = partial(_measure, model, images, labels, projection=None)
    pairs = [timed(run), timed(partial(run, memory_limit=limit))]
    times = [taken for taken, _ in pairs]
    same = [study.dataset["depth"].values for _, study in pairs]
    print(
        table(
            f"\n**Less memory than activations**, without maps: {limit / 1e6:.0f} MB "
            f"for {4 * width * len(images) / 1e6:.0f} MB.",
            ["memory", "seconds", "times the first", "equal depths"],
            [
                ("what is free", times[0], 1.0, 1.0),
                (
                    f"{limit / 1e6:.0f} MB",
                    times[1],
                    times[1] / times[0],
                    float((same[0] == same[1]).mean()),
                ),
            ],
        )
    )


if __name__ == "__main__":
    main()
