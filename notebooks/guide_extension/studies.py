"""The small study that the guide's pages show: digits, and a few networks."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import depthviz as dv
from depthviz.datasets import load_digits
from depthviz.models import small_cnn

__all__ = ["write_digits_page"]

_EXAMPLES, _MEMBERS, _EPOCHS = 1_000, 4, 8
_HEIGHT = 720


def write_digits_page(page: Path) -> None:
    """Train, measure and write the Explorer's page, unless an earlier build did."""
    if page.exists():
        return
    digits = load_digits(noise=0.05, seed=0)
    pictures = np.concatenate([digits.train[0], digits.validation[0]])
    labels = np.concatenate([digits.train[1], digits.validation[1]])
    part = np.random.default_rng(0).permutation(len(labels))[:_EXAMPLES]
    ensemble = dv.Ensemble(
        partial(small_cnn, width=8),
        (pictures[part], labels[part]),
        members=_MEMBERS,
        holdout=2 / _MEMBERS,
        recipe=dv.Recipe(epochs=_EPOCHS, learning_rate=5e-3),
        class_names=digits.class_names,
        title="Handwritten digits",
    )
    with TemporaryDirectory() as folder:
        study = ensemble.run(Path(folder, "run"))
        study = study.assign(
            planted=digits.planted[part], true_label=digits.true_labels[part]
        )
        dv.explore(study, height=_HEIGHT).to_html(page)
