"""The demo: small networks, handwritten digits, and wrong labels among them.

Shows the whole path on real writing, in about two minutes on two processor
cores. First one network that learns all labels by heart and is read by its hidden
probes; then ten on many splits: train, measure, save, report. The digits are drawn anew
with smooth strokes, each turned, slanted and moved by chance, so that people can judge
them and pixels alone do not settle them. The rankings that find the planted labels
never see which they are; they are only counted at the end. A demo that is interrupted
goes on when it is run again.
"""

import os
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.cli.demo_text import ByHeart, Summary
from depthviz.datasets import Digits, load_digits
from depthviz.datasets.handwriting import draw_anew
from depthviz.ensembles import Ensemble
from depthviz.machine.console import print_line
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import write_atomically
from depthviz.machine.paths import local_path
from depthviz.measurement import measure
from depthviz.models import small_cnn
from depthviz.reports import report
from depthviz.study import Study, open_study
from depthviz.training import Recipe, fit

__all__ = ["most_suspicious", "run_demo", "run_digits"]

_MEMBERS, _HOLDOUT = 10, 0.2
_RECIPE = Recipe(epochs=25, learning_rate=3e-3)
_BY_HEART = 36  # epochs
_WIDTH, _STRIDE = 16, 2
_SHOWN, _READ = 32, 16  # pixels of a side, in the page and before a network
_PICTURES = (
    f"scikit-learn's digits of 8 by 8 pixels, drawn anew at {_SHOWN} by {_SHOWN} with "
    "smooth strokes, each turned, slanted, resized and moved by chance. The networks "
    f"read them at {_READ} by {_READ}."
)
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
    print_line("First one network, which learns every label by heart:")
    by_heart = ByHeart(run_by_heart(out / f"by-heart-seed-{seed}.zarr", seed=seed))
    print(by_heart.text)
    print_line(f"Then {_MEMBERS} networks, each trained on another part of the digits:")
    study = run_digits(out / f"run-seed-{seed}", seed=seed)
    print_line("Writing the study, the table and the report …")
    study.save(out / "study.zarr", overwrite=True)
    frame = study.frame().sort_values("suspicion_rank", ascending=False, kind="stable")
    with writing(out / "examples.csv"):
        write_atomically(out / "examples.csv", frame.to_csv())
    found = Summary(study, most_suspicious)
    notes = {**by_heart.notes, **found.notes, "The pictures": [_PICTURES]}
    report(study, out / "report.html", introduction=by_heart.headline, notes=notes)
    print(found.text)
    print(_places(out, time.monotonic() - started))
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
    shown, read = _draw(digits, seed=seed)
    ensemble = Ensemble(
        partial(small_cnn, width=_WIDTH, stride=_STRIDE),
        (read, _labels(digits)),
        **{
            "members": _MEMBERS,
            "holdout": _HOLDOUT,
            "seed": seed,
            "recipe": _RECIPE,
            "images": shown,
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
    shown, read = _draw(digits, seed=seed)
    train = (read, _labels(digits))
    model = small_cnn(stride=_STRIDE, seed=seed)
    fit(model, train, epochs=_BY_HEART, learning_rate=_RECIPE.learning_rate, seed=seed)
    study = measure(
        model,
        train,
        images=shown,
        class_names=digits.class_names,
        projection="pca",
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


def _draw(
    digits: Digits, *, seed: int
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Draw both splits anew: as they are shown, and at half their size as read."""
    small = np.concatenate([digits.train[0], digits.validation[0]])
    drawn = draw_anew(small, side=_SHOWN, seed=seed)
    step = _SHOWN // _READ
    read = drawn.reshape(-1, 1, _READ, step, _READ, step).mean((3, 5))
    return (drawn[:, 0] * 255).round().astype(np.uint8), read


def _labels(digits: Digits) -> NDArray[np.int64]:
    """The given labels of both splits, in the order of the truth about them."""
    return np.concatenate([digits.train[1], digits.validation[1]])


def _places(out: Path, seconds: float) -> str:
    return (
        f"Took {seconds:.0f} s. Written to {out}:\n"
        f"  report.html    open it in a browser: the Explorer, offline\n"
        f"  examples.csv   one row an example, the most suspicious first\n"
        f"  study.zarr     all of it, for depthviz.open_study\n"
        f"In JupyterLab:  {_notebook_line(out)}"
    )


def _notebook_line(out: Path) -> str:
    if _NOTEBOOK.is_file():
        return f"jupyter lab {_NOTEBOOK}"
    return (
        f"import depthviz as dv; dv.explore(dv.open_study({str(out / 'study.zarr')!r}))"
    )
