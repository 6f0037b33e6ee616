"""Ratio tables of the neighbor search: `python -m tests.benchmarks.neighbors`.

Against scikit-learn, faiss, PyNNDescent, plain torch and the machine's own matrix
products, in one run, for the widths that probes have. Times depend on the machine,
their ratios hardly; so the targets are ratios, and the tables say which are met.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from torch import Tensor

from tests.benchmarks import cuda
from tests.benchmarks.contest import Contest, compete
from tests.benchmarks.data import (
    activations,
    gaussian,
    have_pictures,
    of_width,
    trained,
)
from tests.benchmarks.machine import (
    Product,
    best_products,
    bfloat16_rate,
    rate,
    threads,
)
from tests.benchmarks.memory import LIMITED, extra_memory, tells_memory
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.rivals import EXACT, Way, missing, ways
from tests.benchmarks.tables import table, target
from tests.benchmarks.ties import tie_table

K = 30
RIVALS = ("faiss", "scikit-learn", "torch", "PyNNDescent")
# F, and as many queries and references as let the products be most of the time.
SIZES = {64: 10_000, 512: 10_000, 4096: 10_000, 16384: 4_000}
REAL_MOST = 5_000  # there are 10,000 pictures
GROWTH = (2_500, 5_000, 10_000, 20_000)
GROWTH_F, GROWTH_N = 512, 2_500
MEMORY = ((512, 10_000), (16384, 2_500))
QUICK = {64: 400, 512: 400}
TIED = {64: 10_000, 512: 10_000}
TIED_QUICK = {64: 600}


class Case(NamedTuple):
    """What one row of a table is about."""

    data: str
    features: int
    size: int
    alone: bool  # queries are the references
    contest: Contest


class Bench(NamedTuple):
    """What all tables share."""

    ways: Mapping[str, Way]
    products: Sequence[Product]
    sizes: Mapping[int, int]
    threads: int
    quick: bool


def main(argv: Sequence[str] | None = None) -> None:
    """Print all tables."""
    given = _arguments(argv)
    print(describe_processor())
    if given.device != "cpu":
        print(cuda.tables(given.device, given.sizes, K))
        return
    with threads(given.threads):
        products = best_products(quick=given.quick)
        found = ways(given.threads, quick=given.quick)
        bench = Bench(found, products, given.sizes, given.threads, given.quick)
        _describe(bench)
        cases = [*_gaussian(bench), *_real(bench)]
        _targets(cases)
        _growth(bench)
        print(tie_table(TIED_QUICK if given.quick else TIED, K))
        _memory(bench)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small, no PyNNDescent")
    parser.add_argument("--threads", type=int, default=2, help="of every way alike")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument(
        "--sizes",
        type=_sizes,
        help="F:N pairs, as 64:10000,4096:4000; N queries and N references each",
    )
    given = parser.parse_args(argv)
    given.sizes = given.sizes or (QUICK if given.quick else SIZES)
    return given


def _sizes(text: str) -> dict[int, int]:
    pairs = (part.split(":") for part in text.split(","))
    return {int(features): int(count) for features, count in pairs}


def _describe(bench: Bench) -> None:
    print(f"{bench.threads} threads for every way, k = {K}.")
    best = bench.products[0]
    print(
        f"Best float32 product: {rate(best):.0f} GFLOP/s ({best.name}); bfloat16, for "
        f"information: {bfloat16_rate(quick=bench.quick):.0f} GFLOP/s."
    )
    if missing():
        print(f"Not compared, since not installed: pip install {' '.join(missing())}")
    print()


def _gaussian(bench: Bench) -> Iterator[Case]:
    for alone in (False, True):
        cases = []
        for features, count in bench.sizes.items():
            query, reference = (gaussian(count, features, seed) for seed in (0, 1))
            pair = (reference, reference) if alone else (query, reference)
            cases.append(_case("gaussian", *pair, bench))
        _print("Gaussian rows", cases)
        yield from cases


def _real(bench: Bench) -> Iterator[Case]:
    if not have_pictures():
        print(
            "No table of real activations: cifar10_dev10k is not there; DEPTHVIZ_DATA "
            "names its folder.\n"
        )
        return
    half = min(REAL_MOST, max(bench.sizes.values()))
    rows = activations(*trained(2 * half, quick=bench.quick)).rows
    for alone in (False, True):
        cases = []
        for features, most in bench.sizes.items():
            probe = of_width(rows, features)
            if probe is None:
                print(f"No probe has {features:,} features.\n")
                continue
            count = min(most, half)
            query, reference = probe[1][-count:], probe[1][:count]
            pair = (reference, reference) if alone else (query, reference)
            cases.append(_case(probe[0], *pair, bench))
        _print("Activations of a ResNet-18 trained briefly on CIFAR-10", cases)
        yield from cases


def _case(data: str, query: Tensor, reference: Tensor, bench: Bench) -> Case:
    contest = compete(query, reference, K, ways=bench.ways, products=bench.products)
    count, features = reference.shape
    return Case(data, features, count, query is reference, contest)


def _print(title: str, cases: Sequence[Case]) -> None:
    """Print a table of times and one of answers."""
    if not cases:
        return
    alone = any(case.alone for case in cases)
    which = "queries are the references" if alone else "queries are not the references"
    names = ["data", "F", "N"]
    keys = [(case.data, case.features, case.size) for case in cases]
    speeds = [
        (
            *key,
            case.contest.seconds["depthviz"],
            case.contest.peak,
            case.contest.share,
            *[case.contest.slower(rival) for rival in RIVALS],
        )
        for key, case in zip(keys, cases, strict=True)
    ]
    header = ["ours, s", "peak, GFLOP/s", "share of the peak"]
    print(
        table(
            f"**{title}, {which}.** Times of the others are multiples of ours.",
            [*names, *header, *RIVALS],
            speeds,
        )
    )
    answers = [
        (
            *key,
            case.contest.exact,
            *[case.contest.same.get(name) for name in EXACT[1:]],
            case.contest.recall,
        )
        for key, case in zip(keys, cases, strict=True)
    ]
    print(
        table(
            f"{title}, {which}: share of the queries with the neighbor sets of float64 "
            "(ours, a sample), with ours (the others), and PyNNDescent's recall.",
            [*names, "ours", *EXACT[1:], "PyNNDescent's recall"],
            answers,
        )
    )


def _targets(cases: Sequence[Case]) -> None:
    print("**Targets**\n")
    for case in cases:
        for line in _judge(case):
            print(line)
    print()


def _judge(case: Case) -> Iterator[str]:
    contest, wide = case.contest, case.features >= 4096
    among = ", queries are the references" if case.alone else ""
    where = f"{case.data}, F = {case.features:,}{among}:"
    faiss, sklearn = contest.slower("faiss"), contest.slower("scikit-learn")
    if wide and not case.alone:
        yield target(f"{where} share of the product's peak", contest.share, least=0.85)
        if sklearn:
            yield target(f"{where} scikit-learn / ours", sklearn, least=3.5)
    if faiss and wide:
        least = 2.2 if case.alone else 1.7
        yield target(f"{where} faiss / ours", faiss, least=least)
    if faiss and case.features == 512:
        yield target(f"{where} faiss / ours", faiss, least=1.0)
    if faiss and case.features == 64:
        yield target(f"{where} ours / faiss", 1 / faiss, most=1.15)


def _growth(bench: Bench) -> None:
    """Time and memory by N at one F, and by F at one N."""
    cases = [(GROWTH_F, count) for count in GROWTH]
    cases += [(features, GROWTH_N) for features in bench.sizes if features != GROWTH_F]
    if bench.quick:
        cases = [(64, 200), (64, 400), (512, 200)]
    rows = [_grown(features, count, bench) for features, count in cases]
    print(
        table(
            "**Growth with N and with F.** Gaussian rows, queries are not the "
            "references.",
            ["F", "N", "ours, s", "share of the peak", "faiss / ours"],
            rows,
        )
    )


def _grown(features: int, count: int, bench: Bench) -> tuple[float | None, ...]:
    query, reference = (gaussian(count, features, seed) for seed in (0, 1))
    some = {
        name: way for name, way in bench.ways.items() if name in ("depthviz", "faiss")
    }
    contest = compete(query, reference, K, ways=some, products=bench.products)
    ours = contest.seconds["depthviz"]
    return features, count, ours, contest.share, contest.slower("faiss")


def _memory(bench: Bench) -> None:
    """Peaks of single processes: all ways at two widths, ours as N grows."""
    if not tells_memory():
        print("No table of memory: this system does not tell the peak of a process.")
        return
    cases = [(way, *size) for size in MEMORY for way in (*bench.ways, LIMITED)]
    cases += [("depthviz", GROWTH_F, count) for count in GROWTH if count != 10_000]
    if bench.quick:
        cases = [(LIMITED, 64, 400)]
    rows = [
        (
            way,
            features,
            count,
            8 * features * count / 1e6,
            extra_memory(way, count, features, k=K, pool=bench.threads) / 1e6,
        )
        for way, features, count in cases
    ]
    print(
        table(
            "**Peak memory** of a process beyond its features, in MB (ours takes a "
            "part of what is free, unless told less).",
            ["way", "F", "N", "features, MB", "on top, MB"],
            rows,
        )
    )


if __name__ == "__main__":
    main()
