"""Published codes for prediction depth, as conventions.

Each preset says by which conventions a public code finds a depth, and what of that code
stored neighbors do not show, so numbers made with it can be compared with a study's.
Read from the codes themselves in 2026; they may have changed since. Where a code lets
its user choose (k, layers), the study's own choice stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from depthviz.study.conventions.definition import Conventions
from depthviz.study.conventions.recount import Recounted

__all__ = ["PRESETS", "Preset"]

Scale = Callable[[NDArray[np.float64], int], NDArray[np.float64]]


class Preset(NamedTuple):
    """A published code.

    Attributes:
        name: What it is called here.
        source: Where it is.
        conventions: By which it finds a depth.
        differs: In words.
        lost: What of it stored neighbors do not show.
        scale: How it writes a depth counted in its own P probes; None leaves it.
    """

    name: str
    source: str
    conventions: Conventions
    differs: str
    lost: tuple[str, ...]
    scale: Scale | None = None

    def write(self, found: Recounted) -> NDArray[np.float64]:
        """Write depths as the code itself does: in its own probes, on its own scale.

        Args:
            found: What its conventions make of a study.

        Returns:
            Shape `(N,)`; NaN where the code gives none.

        Example:
            >>> depth = np.array([0.0, 2.0, 3.0])
            >>> found = Recounted(depth, np.empty((2, 3), int), np.array([1, 2]))
            >>> PRESETS["MIAE"].write(found)
            array([0., 1., 2.])
        """
        own = np.searchsorted(found.places, found.depth - 1, side="right")
        depth = np.where(np.isnan(found.depth), np.nan, own)
        return depth if self.scale is None else self.scale(depth, len(found.places))


def _shares(depth: NDArray[np.float64], probes: int) -> NDArray[np.float64]:
    return depth / (probes + 1)


def _fours(depth: NDArray[np.float64], probes: int) -> NDArray[np.float64]:
    return 4 * (depth + 1)


_ALL = (
    Preset(
        "MIAE",
        "https://github.com/RPI-DSPlab/MIAE",
        Conventions(
            ties="smallest",
            include_self=True,
            compare_with="last probe",
            drop_nearest="of k",
            left_out=(0,),
            least=1,
        ),
        "compares with the last probe; of the k nearest, itself among them, drops the "
        "nearest whoever it is; no input probe; depth 0 and 1 merged",
        (
            "the references are one shuffled batch",
            "those of test examples are test examples",
            "batch norm in training mode",
            "votes are weighted by the inverse distances of other points than those "
            "that vote; counted equal here",
        ),
    ),
    Preset(
        "AngularGap",
        "https://github.com/pengbohua/AngularGap",
        Conventions(
            ties="smallest",
            include_self=True,
            compare_with="last probe",
            drop_nearest="of k + 1 where trained on",
            left_out=(0,),
            least=1,
        ),
        "get_pd_resnet.py and its knn_predict: compares with the last probe; the k "
        "largest distances vote, of a training example those after the very largest, "
        "so that it neither votes for itself nor is dropped; no input probe; depth 0 "
        "and 1 merged",
        (
            "the farthest are not stored: the nearest k vote here, of a training "
            "example those after the nearest, itself among them",
            "votes are weighted by the exponential of the squared distance; counted "
            "equal here",
            "where all k stored neighbors are at distance 0, which one comes next",
            "get_pd_vgg.py, beside it, crops and flips its inputs at random",
        ),
    ),
    Preset(
        "nn_example_difficulty",
        "https://github.com/devinkwok/nn_example_difficulty",
        Conventions(ties="smallest", include_self=True, compare_with="label"),
        "compares with the label; every training example votes for itself; the "
        "smallest of tied classes wins",
        (
            "probes stand at the inputs and outputs of all modules; the last is of the "
            "logits, for which the study's last stands: the softmax is an option, off "
            "by default",
        ),
    ),
    Preset(
        "aucurriculum",
        "https://github.com/autrainer/aucurriculum",
        Conventions(ties="smallest", include_self=True),
        "every training example votes for itself; the smallest of tied classes wins; "
        "written as a share of P + 1",
        (
            "its rule for ties is not in its documentation: the smallest class is "
            "assumed",
            "activations are pooled where its user sets a largest size",
            "held-out examples have none: the examples scored are the references",
        ),
        _shares,
    ),
    Preset(
        "TMLR23_Dynamics_of_Spurious_Features",
        "https://github.com/batmanlab/TMLR23_Dynamics_of_Spurious_Features",
        Conventions(
            include_self=True,
            compare_with="last probe",
            k=29,
            share=0.62,
            settled=2,
            left_out=(0, -1),
        ),
        "29 neighbors; a vote needs more than 62 % of them; compares with the last "
        "probe before the softmax; no depth where either of the last two has no vote; "
        "no input probe; written as 4 (depth + 1)",
        (
            "distances are L1, of activations resized to 8 x 8",
            "the references are a balanced part of the data",
            "two classes; its band of votes is read as a least share for more",
            "probes after every second module of a DenseNet's blocks",
        ),
        _fours,
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({one.name: one for one in _ALL})
