"""Measures of a training record; an ensemble has some of its own.

Functions load what they need when they are called: the table itself loads no torch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from depthviz.difficulty.registry.measure import Measure

__all__ = ["OF_TRAINING"]


def _read(name: str) -> Callable[[Any], Any]:
    """Make the function that asks a record for a measure of its own."""

    def of_record(record: Any) -> Any:
        return getattr(record, name)()

    return of_record


def _place(name: str) -> Callable[[Any], Any]:
    """Make the function that asks a record for a coordinate of its data map."""

    def of_record(record: Any) -> Any:
        return getattr(record.data_map(), name)

    return of_record


OF_TRAINING = (
    Measure(
        name="iteration_learned",
        title="Iteration learned",
        help="First recorded step from which the prediction equals the final one, as "
        "the mean over the networks that trained on the example.",
        harder="larger",
        keep="larger",
        needs=frozenset({"record"}),
        formula="min t such that every record from t on predicts the last class",
        reference="Baldock, Maennel & Neyshabur (2021). "
        "https://arxiv.org/abs/2106.09647",
        compute=_read("iteration_learned"),
    ),
    Measure(
        name="forgetting",
        title="Forgetting events",
        help="Number of times the example went from right to wrong while training, as "
        "the mean over the networks that trained on it.",
        harder="larger",
        keep="larger",
        needs=frozenset({"record"}),
        formula="number of t with right at t and wrong at t + 1; of an example never "
        "right, its presentations",
        reference="Toneva et al. (2019). https://arxiv.org/abs/1812.05159",
        compute=_read("forgetting"),
    ),
    Measure(
        name="aum",
        title="Area under the margin",
        help="Mean over the recorded steps of the label's logit minus the largest "
        "other, as the mean over the networks that trained on the example.",
        harder="smaller",
        keep="smaller",
        needs=frozenset({"record"}),
        formula="mean_t z_y - max over c != y of z_c",
        reference="Pleiss et al. (2020). https://arxiv.org/abs/2001.10528",
        compute=_read("aum"),
    ),
    Measure(
        name="data_map_confidence",
        title="Data map: confidence",
        help="Mean probability of the label over the presentations of the example.",
        harder="smaller",
        needs=frozenset({"record"}),
        formula="mean_t p_t",
        reference="Swayamdipta et al. (2020). https://arxiv.org/abs/2009.10795",
        compute=_place("confidence"),
    ),
    Measure(
        name="data_map_variability",
        title="Data map: variability",
        help="Standard deviation of the probability of the label over the "
        "presentations of the example.",
        harder=None,
        keep="larger",
        needs=frozenset({"record"}),
        formula="std_t p_t (population form)",
        reference="Swayamdipta et al. (2020). https://arxiv.org/abs/2009.10795",
        compute=_place("variability"),
    ),
    Measure(
        name="data_map_correctness",
        title="Data map: correctness",
        help="Share of the presentations of the example at which its label was "
        "predicted.",
        harder="smaller",
        needs=frozenset({"record"}),
        formula="mean_t [right at t]",
        reference="Swayamdipta et al. (2020). https://arxiv.org/abs/2009.10795",
        compute=_place("correctness"),
    ),
    Measure(
        name="loss",
        title="Training loss",
        help="Mean cross-entropy of the label, in nats, over the presentations of the "
        "example.",
        harder="larger",
        needs=frozenset({"record"}),
        formula="mean_t -log p_t",
        compute=_read("loss"),
    ),
    Measure(
        name="el2n",
        title="EL2N",
        help="Distance of the softmax from the label at an early presentation of the "
        "example; of several records, their mean.",
        harder="larger",
        keep="larger",
        needs=frozenset({"record with errors"}),
        formula="mean over networks of ||softmax - onehot(y)||_2 at one early step",
        reference="Paul, Ganguli & Dziugaite (2021). https://arxiv.org/abs/2107.07075",
        compute=_read("el2n"),
    ),
    Measure(
        name="dynamic_uncertainty",
        title="Dynamic uncertainty",
        help="How much the probability of the label varies within 10 presentations in "
        "a row, averaged over all such windows.",
        harder=None,
        keep="larger",
        needs=frozenset({"record"}),
        formula="mean over windows of J = 10 of std(p), J - 1 in the denominator",
        reference="He et al. (2023). https://arxiv.org/abs/2306.05175",
        compute=_read("dynamic_uncertainty"),
    ),
    Measure(
        name="dual",
        title="DUAL",
        help="How much the probability of the label varies within 10 presentations in "
        "a row times what it lacks to 1, averaged over the windows of the first "
        "30.",
        harder=None,
        keep="larger",
        needs=frozenset({"record"}),
        formula="mean over windows of J = 10 among the first 30 of std(p) (1 - "
        "mean(p))",
        reference="Cho, Shin & Yun (2025). https://arxiv.org/abs/2502.06905",
        compute=_read("dual"),
    ),
    Measure(
        name="second_split_forgetting",
        title="Second-split forgetting",
        help="Epoch of a second training, on the other half of the data, from which "
        "the example stays wrong; one more than there are where it never does.",
        harder="smaller",
        needs=frozenset({"second stage"}),
        formula="min t such that wrong at every t' >= t; T + 1 if never",
        reference="Maini, Garg, Lipton & Kolter (2022). "
        "https://arxiv.org/abs/2210.15031",
        compute=_read("second_split_forgetting"),
    ),
)
