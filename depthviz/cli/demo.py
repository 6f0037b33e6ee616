"""The demo: small networks, handwritten digits, and wrong labels among them.

Shows the whole path on real data, in about three minutes on two processor
cores. First one network that learns all labels by heart and is read by its hidden
probes; then ten on many splits: train, measure, save, report. The rankings that find
the planted labels never see which they are; they are only counted at the end. A demo
that is interrupted goes on when it is run again.
"""

import os
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.charts import evidence_table
from depthviz.cli.planted_labels import score_table
from depthviz.datasets import Digits, load_digits
from depthviz.ensembles import Ensemble
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import write_atomically
from depthviz.machine.paths import local_path
from depthviz.measurement import measure
from depthviz.models import small_cnn
from depthviz.relabeling.evidence import label_shares
from depthviz.reports import report
from depthviz.study import Study, open_study
from depthviz.training import Recipe, fit

__all__ = ["most_suspicious", "run_demo", "run_digits"]

_MEMBERS, _HOLDOUT = 10, 0.2
_RECIPE = Recipe(epochs=25, learning_rate=3e-3)
_BY_HEART = 30  # epochs
_WIDTH = 16
_DIFFERENT = "looks like a different class"
_NOTEBOOK = Path("notebooks", "01_first_look.ipynb")


def run_demo(path: str | os.PathLike[str], *, seed: int = 0) -> Study:
    """Train, measure, and write `study.zarr`, `examples.csv` and `report.html`.

    Args:
        path: The folder to write to; made where it does not exist. The ten networks
            are kept in a folder of the run inside, the study of the one that knows
            its labels by heart beside it.
        seed: Decides the planted labels, the splits, the networks and the maps.

    Returns:
        The study.

    Raises:
        ArgumentError: If the path is none of a local disk.
        StudyError: If `study.zarr` in that folder is something else than a study.
        DiskError: If the folder cannot be written.
    """
    started, out = time.monotonic(), local_path(path, name="out")
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    _print_by_heart(run_by_heart(out / f"by-heart-seed-{seed}.zarr", seed=seed))
    study = run_digits(out / f"run-seed-{seed}", seed=seed)
    study.save(out / "study.zarr", overwrite=True)
    frame = study.frame().sort_values("suspicion_rank", ascending=False, kind="stable")
    with writing(out / "examples.csv"):
        write_atomically(out / "examples.csv", frame.to_csv())
    report(study, out / "report.html")
    _print_summary(study, out, time.monotonic() - started)
    return study


def run_digits(
    path: Path, *, seed: int = 0, progress: bool = True, **options: Any
) -> Study:
    """Plant wrong labels among the digits, and train ten networks on them.

    Args:
        path: The folder of the run.
        seed: Decides the planted labels, the splits, the networks and the maps.
        progress: Whether to show bars.
        **options: Passed on to `Ensemble`.

    Returns:
        The study, with `planted` and `true_label` as columns of its own.
    """
    digits = load_digits(seed=seed)
    ensemble = Ensemble(
        partial(small_cnn, width=_WIDTH),
        _all_of(digits),
        **{
            "members": _MEMBERS,
            "holdout": _HOLDOUT,
            "seed": seed,
            "recipe": _RECIPE,
            "class_names": digits.class_names,
            "title": "Handwritten digits, some with wrong labels",
            **options,
        },
    )
    study = ensemble.run(path, progress=progress)
    return study.assign(planted=digits.planted, true_label=digits.true_labels)


def run_by_heart(path: Path, *, seed: int = 0) -> Study:
    """Train one network on all digits, the planted labels among them, and measure it.

    Args:
        path: The folder of the study, which is opened where it is there.
        seed: Decides the planted labels and the network.

    Returns:
        The study, with `planted` and `true_label` as columns of its own.
    """
    if path.exists():
        return open_study(path)
    digits = load_digits(seed=seed)
    train = _all_of(digits)
    model = small_cnn(seed=seed)
    fit(model, train, epochs=_BY_HEART, learning_rate=_RECIPE.learning_rate, seed=seed)
    study = measure(
        model, train, class_names=digits.class_names, projection="pca", progress=False
    )
    study = study.assign(planted=digits.planted, true_label=digits.true_labels)
    study.save(path)
    return study


def most_suspicious(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """Rank examples by how far their neighbors agree on another class than the label.

    Args:
        frame: A study's frame.
        count: How many examples to return.

    Returns:
        The rows with the highest `suspicion_rank`, highest first.
    """
    return frame.nlargest(count, "suspicion_rank")


def _all_of(digits: Digits) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Both splits, in the order of the truth about them."""
    (pictures, labels), (more_pictures, more_labels) = digits.train, digits.validation
    both = np.concatenate([pictures, more_pictures])
    return both, np.concatenate([labels, more_labels])


def _print_by_heart(study: Study) -> None:
    """Say what the hidden probes of a network tell that its output does not."""
    frame = study.frame()
    planted = frame["planted"].to_numpy(bool)
    rows = np.arange(len(frame))
    last = label_shares(study.dataset, rows, frame["label"].to_numpy(int))[:, -1]
    scores = {
        "suspicion, from its hidden probes": frame["suspicion"],
        "its loss": -frame["label_probability"],
        "neighbors at its last probe": -last,
    }
    table = evidence_table(study, examples=planted)
    shares = table.pivot(index="probe", columns="label", values="mean")
    said = [
        f"{probe} {suggested:.0%} | {given:.0%}"
        for probe in table["probe"].unique()
        for suggested, given in [shares.loc[probe, ["suggested", "given"]]]
    ]
    print(
        f"\nOne network that predicts {frame['correct'].mean():.1%} of its "
        f"{len(frame):,} labels, {planted.sum()} of them planted wrong ones; read by "
        f"measure(model, train):\n{score_table(scores, planted)}\n"
        "Neighbors of the planted ones with the suggested | the given label, by "
        f"probe:\n{', '.join(said)}.\n"
    )


def _print_summary(study: Study, out: Path, seconds: float) -> None:
    frame = study.frame()
    planted = int(frame["planted"].sum())
    found = int(most_suspicious(frame, planted)["planted"].sum())
    different = frame[frame["group"] == _DIFFERENT]
    scores = {
        "suspicion": frame["suspicion"],
        "neighbor_margin": frame["neighbor_margin"],
        "held-out probability of the label": -frame["label_probability"],
        "train depth - validation depth": frame["train_depth"]
        - frame["validation_depth"],
    }
    print(
        f"\n{_MEMBERS} networks, each example held out by two of them:\n"
        f"{score_table(scores, frame['planted'].to_numpy(bool))}\n"
        f"The {planted} most suspicious of {len(frame):,} digits hold {found} of the "
        f"{planted} planted wrong labels ({found / planted:.0%}).\n"
        f"{different['planted'].mean():.0%} of the {len(different)} digits in the "
        f'group "{_DIFFERENT}" are planted ones; of all digits '
        f"{planted / len(frame):.0%}. It holds {int(different['planted'].sum())} of "
        f"the {planted}.\n"
        f"{_depths(frame, planted=False)} with the right label,\n"
        f"{_depths(frame, planted=True)} with a planted one, "
        f"of {study.dataset.sizes['probe']}.\n"
        f"Took {seconds:.0f} s. Written to {out}:\n"
        f"  report.html    open it in a browser: the Explorer, offline\n"
        f"  examples.csv   one row an example, the most suspicious first\n"
        f"  study.zarr     all of it, for depthviz.open_study\n"
        f"In JupyterLab:  {_notebook_line(out)}"
    )


def _depths(frame: pd.DataFrame, *, planted: bool) -> str:
    rows = frame[frame["planted"] == planted]
    return (
        f"Mean depth {rows['train_depth'].mean():.2f} when trained on, "
        f"{rows['validation_depth'].mean():.2f} when held out,"
    )


def _notebook_line(out: Path) -> str:
    if _NOTEBOOK.is_file():
        return f"jupyter lab {_NOTEBOOK}"
    return (
        f"import depthviz as dv; dv.explore(dv.open_study({str(out / 'study.zarr')!r}))"
    )
