"""What the protocol is good for, on data whose answer is known.

    python -m tests.benchmarks.protocol digits|fashion|cifar|scale [--folder DIR] ...

Planted wrong labels of digits and Fashion-MNIST; human labels and C-scores of CIFAR-10;
and the cost of a large study. Runs are kept in the folder: killed at any time, the same
command goes on. A figure depends on the seed, and not on the number of workers.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from depthviz import Ensemble
from depthviz.models import small_cnn
from depthviz.study import Study
from depthviz.training import Recipe
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.protocol import scale as protocol_scale
from tests.benchmarks.protocol.data import Question, cifar_question, digits, fashion
from tests.benchmarks.protocol.scores import (
    auroc,
    label_quality,
    resampled,
    scores,
    spearman,
)
from tests.benchmarks.tables import table, target

__all__ = ["main"]

DIFFERENT = "looks like a different class"
PLANTED = {"digits": digits, "fashion": fashion}
LEAST = {"digits": 0.95, "fashion": 0.90}
TIMES = 3.0


class Setting(NamedTuple):
    """How an ensemble is made; the command line may cut it down."""

    examples: int
    members: int
    epochs: int
    holdout: float
    width: int = 16
    stride: int = 1
    augmentation: tuple[str, ...] = ()


SETTINGS = {
    "digits": Setting(1797, 20, 40, 0.1),
    # Long enough that the members learn the planted labels by heart, too.
    "fashion": Setting(5000, 20, 50, 0.1, stride=2),
    "cifar": Setting(10_000, 6, 15, 0.5, width=32, stride=2, augmentation=("flip",)),
    "scale": Setting(60_000, 100, 0, 0.1),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for, and print its tables."""
    given = _parse(arguments)
    chosen = {
        name: value
        for name in Setting._fields
        if (value := getattr(given, name, None)) is not None
    }
    setting = SETTINGS[given.what]._replace(**chosen)
    print(describe_processor())
    print(f"{given.what}: {setting._asdict()}\n", flush=True)
    if given.what == "scale":
        folder = given.folder / f"scale-n{setting.examples}-m{setting.members}"
        print(protocol_scale.tables(folder, setting.examples, setting.members))
        return
    with _workers(given.workers) as executor:
        run = partial(_run, setting=setting, folder=given.folder, executor=executor)
        if given.what == "cifar":
            for seed in given.seeds or [0]:
                _cifar(run, setting, seed)
        else:
            _planted(run, setting, given.what, given.seeds or [0, 1, 2])


def _planted(run, setting: Setting, what: str, seeds: Sequence[int]) -> None:
    """Planted labels: how they rank, and in which group they are."""
    rows, shares, lines = [], [], []
    for seed in seeds:
        question = PLANTED[what](seed, setting.examples)
        study, seconds = run(question, seed=seed)
        found = {
            name: auroc(score, question.wrong) for name, score in scores(study).items()
        }
        rows.append(
            [
                *(seed, len(question.labels), int(question.wrong.sum())),
                *(*_accuracy(study), *found.values(), seconds),
            ]
        )
        groups = _groups(study, question)
        shares.append([seed, *(text for text, _ in groups.values())])
        lines += [
            target(
                f"AUROC of suspicion, seed {seed}",
                found["suspicion"],
                least=LEAST[what],
            ),
            target(
                f"planted in {DIFFERENT!r} / base rate, seed {seed}",
                groups[DIFFERENT][1],
                least=TIMES,
            ),
        ]
        print(f"Seed {seed} is done.\n", *lines[-2:], sep="\n", flush=True)
    header = ["seed", "N", "planted", "accuracy trained", "held out"]
    title = f"**{what}: AUROC of planted wrong labels.** Accuracy: mean of members."
    print(table(f"\n{title}", [*header, *found, "seconds"], rows))
    title = "**Groups: size, and the share of planted labels / the base rate.**"
    print(table(title, ["seed", *groups], shares))
    print("\n".join(lines))


def _groups(study: Study, question: Question) -> dict[str, tuple[str, float]]:
    """Size of each group, and how many times the base rate is wrong in it."""
    group = study.frame()["group"]
    found = {}
    for name in group.cat.categories:
        rows = (group == name).to_numpy()
        share = question.wrong[rows].mean() if rows.any() else float("nan")
        times = float(share / question.wrong.mean())
        found[str(name)] = (f"{rows.sum():,}: {times:.2f}", times)
    return found


def _cifar(run, setting: Setting, seed: int) -> None:
    """C-scores on the clean labels; then human labels, beside cleanlab."""
    question = cifar_question("clean", setting.examples)
    study, seconds = run(question, seed=seed)
    frame = study.frame()
    title = f"**cifar, seed {seed}, clean labels: Spearman with the C-score.**"
    rows = [
        (name, str(_with_c_score(frame[name], question)))
        for name in ("validation_depth", "train_depth", "suspicion", "c_score")
    ]
    print(_about(study, seconds), table(title, ["column", "Spearman"], rows), sep="\n")
    high = _with_c_score(frame["validation_depth"], question).high
    name = "upper end, Spearman of validation depth with C-score"
    print(target(name, high, most=0.0), "\n", flush=True)
    for labels in ("aggre", "worse"):
        _human(run, cifar_question(labels, setting.examples), seed)


def _with_c_score(column, question: Question):
    return resampled(spearman, column.to_numpy(float), question.c_score)


def _human(run, question: Question, seed: int) -> None:
    study, seconds = run(question, seed=seed)
    ranked = scores(study) | {"cleanlab, -self_confidence": -label_quality(study)}
    found = {
        name: resampled(auroc, score, question.wrong) for name, score in ranked.items()
    }
    title = (
        f"**{question.name}, seed {seed}: AUROC of labels that are not the clean one.**"
        f" {question.wrong.sum():,} of {len(question.wrong):,} are noisy"
        f" ({question.wrong.mean():.1%}). cleanlab gets the mean probability of the"
        " given label over the members that held the example out; self_confidence"
        " reads no other column of the matrix, and they are filled evenly."
    )
    rows = [(name, str(each)) for name, each in found.items()]
    print(_about(study, seconds), table(title, ["score", "AUROC"], rows), sep="\n")
    low = found["suspicion"].low
    print(target("lower end, AUROC of suspicion", low, least=0.5), "\n", flush=True)


def _run(
    question: Question,
    *,
    setting: Setting,
    folder: Path,
    executor: Executor | None,
    seed: int,
) -> tuple[Study, float]:
    """Make or finish an ensemble; time it."""
    channels = 3 if question.pictures.shape[-1] == 3 else 1
    ensemble = Ensemble(
        partial(
            small_cnn,
            in_channels=channels,
            width=setting.width,
            stride=setting.stride,
        ),
        (question.pictures, question.labels),
        members=setting.members,
        holdout=setting.holdout,
        seed=seed,
        recipe=Recipe(epochs=setting.epochs, augmentation=list(setting.augmentation)),
        k=30,
        input_margin=False,
        projection=None,
        images=None,
        class_names=question.class_names,
        title=question.name,
    )
    size = f"n{setting.examples}-m{setting.members}-e{setting.epochs}"
    name = f"{question.name}-seed{seed}-{size}-h{setting.holdout}"
    start = time.perf_counter()
    study = ensemble.run(folder / name, executor)
    return study, time.perf_counter() - start


def _accuracy(study: Study) -> list[float]:
    """Mean accuracy of the members on what they trained on, and held out."""
    return [float(each) for each in np.nanmean(study.dataset["member_accuracy"], 0)]


def _about(study: Study, seconds: float) -> str:
    trained, held_out = _accuracy(study)
    return (
        f"{len(study):,} examples in {seconds:.0f} s (what was there is not made again)"
        f"; mean accuracy of the members {trained:.3f} trained, {held_out:.3f} held out"
        ".\n"
    )


@contextmanager
def _workers(count: int) -> Iterator[Executor | None]:
    """A pool of processes; 0 is this process."""
    if not count:
        yield None
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield pool


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=SETTINGS)
    parser.add_argument("--seeds", type=int, nargs="+", help="0 1 2; of cifar 0")
    parser.add_argument("--folder", type=Path, default=Path("build/protocol"))
    parser.add_argument("--workers", type=int, default=2, help="0: this process")
    for name in ("examples", "members", "epochs"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--holdout", type=float)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
