"""The demo: a small network, handwritten digits, and wrong labels planted among them.

Shows the whole path on real data in under two minutes: train, measure, save, report.
The ranking that finds the planted labels never sees which they are; they are only
counted at the end.
"""

import os
import time
from pathlib import Path
from typing import Any

import pandas as pd

from depthviz.datasets import load_digits
from depthviz.models import small_cnn
from depthviz.reports import report
from depthviz.study import Study, measure
from depthviz.training import fit

__all__ = ["measure_digits", "most_suspicious", "run_demo"]

_EPOCHS = 20
_LEARNING_RATE = 3e-3
_NOTEBOOK = Path("notebooks", "01_first_look.ipynb")


def run_demo(out: Path, *, seed: int = 0) -> Study:
    """Train, measure, and write `study.zarr`, `examples.csv` and `report.html`.

    Args:
        out: The folder to write to; made where it does not exist.
        seed: Decides the split, the planted labels, the network and the map.

    Returns:
        The study.

    Raises:
        StudyError: If `study.zarr` in that folder is something else than a study.
        OSError: If the folder cannot be written.
    """
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    study = measure_digits(seed=seed)
    study.save(out / "study.zarr", overwrite=True)
    _write_table(study.frame(), out / "examples.csv")
    report(study, out / "report.html")
    _tell(study, out, time.monotonic() - started)
    return study


def measure_digits(*, seed: int = 0, **options: Any) -> Study:
    """Plant wrong labels among the digits, train on them and measure.

    Args:
        seed: Decides the split, the planted labels, the network and the map.
        **options: Passed on to `measure`.

    Returns:
        The study, with `planted` and `true_label` as columns of its own.
    """
    digits = load_digits(seed=seed)
    model = fit(
        small_cnn(seed=seed),
        digits.train,
        epochs=_EPOCHS,
        learning_rate=_LEARNING_RATE,
        seed=seed,
        progress=options.get("progress", True),
    )
    study = measure(
        model,
        digits.train,
        digits.validation,
        class_names=digits.class_names,
        title="Handwritten digits, some with wrong labels",
        seed=seed,
        **options,
    )
    return study.assign(planted=digits.planted, true_label=digits.true_labels)


def most_suspicious(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """Rank examples by how far their neighbors agree on another class than the label.

    Args:
        frame: A study's frame.
        count: How many examples to return.

    Returns:
        The rows with the highest `suspicion`, highest first.
    """
    return frame.nlargest(count, "suspicion")


def _write_table(frame: pd.DataFrame, path: Path) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        frame.to_csv(part)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _tell(study: Study, out: Path, seconds: float) -> None:
    frame = study.frame()
    planted = int(frame["planted"].sum())
    found = int(most_suspicious(frame, planted)["planted"].sum())
    print(
        f"\nThe {planted} most suspicious of {len(frame):,} digits hold {found} of the "
        f"{planted} planted wrong labels ({found / planted:.0%}).\n"
        f"Mean depth: {_mean_depth(frame, planted=False):.2f} with the right label, "
        f"{_mean_depth(frame, planted=True):.2f} with a planted one, "
        f"of {study.dataset.sizes['probe']}.\n"
        f"Took {seconds:.0f} s. Written to {out}:\n"
        f"  report.html    open it in a browser: the Explorer, offline\n"
        f"  examples.csv   one row an example\n"
        f"  study.zarr     all of it, for depthviz.open_study\n"
        f"In JupyterLab:  {_notebook_line(out)}"
    )


def _mean_depth(frame: pd.DataFrame, *, planted: bool) -> float:
    rows = frame[(frame["planted"] == planted) & (frame["split"] == "train")]
    return float(rows["depth"].mean())


def _notebook_line(out: Path) -> str:
    if _NOTEBOOK.is_file():
        return f"jupyter lab {_NOTEBOOK}"
    return (
        f"import depthviz as dv; dv.explore(dv.open_study({str(out / 'study.zarr')!r}))"
    )
