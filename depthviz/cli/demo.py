"""The demo: ten small networks, handwritten digits, and wrong labels among them.

Shows the whole path on real data, in about two and a half minutes on two processor
cores: train on many splits, measure, save, report. The ranking that finds the planted
labels never sees which they are; they are only counted at the end. A demo that is
interrupted goes on when it is run again.
"""

import os
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from depthviz.datasets import load_digits
from depthviz.ensembles import Ensemble
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import write_atomically
from depthviz.machine.paths import local_path
from depthviz.models import small_cnn
from depthviz.reports import report
from depthviz.study import Study
from depthviz.training import Recipe

__all__ = ["most_suspicious", "run_demo", "run_digits"]

_MEMBERS, _HOLDOUT = 10, 0.2
_RECIPE = Recipe(epochs=25, learning_rate=3e-3)
_DIFFERENT = "looks like a different class"
_NOTEBOOK = Path("notebooks", "01_first_look.ipynb")


def run_demo(path: str | os.PathLike[str], *, seed: int = 0) -> Study:
    """Train, measure, and write `study.zarr`, `examples.csv` and `report.html`.

    Args:
        path: The folder to write to; made where it does not exist. The networks are
            kept in a folder of the run inside.
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
    pictures = np.concatenate([digits.train[0], digits.validation[0]])
    labels = np.concatenate([digits.train[1], digits.validation[1]])
    ensemble = Ensemble(
        partial(small_cnn, width=16),
        (pictures, labels),
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


def most_suspicious(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """Rank examples by how far their neighbors agree on another class than the label.

    Args:
        frame: A study's frame.
        count: How many examples to return.

    Returns:
        The rows with the highest `suspicion_rank`, highest first.
    """
    return frame.nlargest(count, "suspicion_rank")


def _print_summary(study: Study, out: Path, seconds: float) -> None:
    frame = study.frame()
    planted = int(frame["planted"].sum())
    found = int(most_suspicious(frame, planted)["planted"].sum())
    different = frame[frame["group"] == _DIFFERENT]
    print(
        f"\nThe {planted} most suspicious of {len(frame):,} digits hold {found} of the "
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
