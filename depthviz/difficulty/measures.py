"""Every measure of difficulty, and whether larger means harder.

Tables, charts, filters and sorts read the direction here and nowhere else, so "hardest
first" means the same everywhere. A measure is declared whether or not a given study has
it; computing it is another module's work.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

__all__ = ["MEASURES", "Measure"]


class Measure(NamedTuple):
    """A column of a study's table that says how hard an example is.

    Attributes:
        name: Name of the column.
        title: What people read.
        harder: Which end is the hard one.
        help: One sentence on what it measures.
    """

    name: str
    title: str
    harder: Literal["larger", "smaller"]
    help: str


_ALL = (
    Measure(
        "depth",
        "Prediction depth",
        "larger",
        "First probe from which every vote equals the network's prediction.",
    ),
    Measure(
        "depth_of_label",
        "Depth of the label",
        "larger",
        "First probe from which every vote equals the given label.",
    ),
    Measure(
        "train_depth",
        "Depth when trained on",
        "larger",
        "Mean prediction depth over the networks that trained on the example.",
    ),
    Measure(
        "train_label_depth",
        "Depth of the label when trained on",
        "larger",
        "Mean depth of the given label over the networks that trained on the example; "
        "groups go by it.",
    ),
    Measure(
        "validation_depth",
        "Depth when held out",
        "larger",
        "Mean prediction depth over the networks not trained on the example.",
    ),
    Measure(
        "suspicion",
        "Label suspicion",
        "larger",
        "Evidence for the best other class less that for the given label: neighbors "
        "at all probes, weighted by what their votes predict, and the softmax of the "
        "networks not trained on the example.",
    ),
    Measure(
        "suspicion_rank",
        "Suspicion rank",
        "larger",
        "Share of the examples of its split (training or validation) whose suspicion "
        "is less, from 0 to below 1; with several networks, of all examples.",
    ),
    Measure(
        "neighbor_margin",
        "Neighbor margin",
        "larger",
        "Share of neighbors with the commonest other label minus share with the given "
        "one, averaged over the probes; with several networks, the mean over those not "
        "trained on the example.",
    ),
    Measure(
        "label_probability",
        "Probability of the label",
        "smaller",
        "Softmax probability of the given label; with several networks, the mean over "
        "those not trained on the example.",
    ),
    Measure(
        "soft_entropy",
        "Entropy of the mean softmax",
        "larger",
        "Entropy in nats of the mean softmax of the networks not trained on the "
        "example.",
    ),
    Measure(
        "confidence",
        "Confidence",
        "smaller",
        "Softmax probability of the predicted class.",
    ),
    Measure(
        "consistency",
        "Consistency",
        "smaller",
        "Share of the networks not trained on the example that predict its consensus "
        "class.",
    ),
    Measure(
        "c_score",
        "C-score",
        "smaller",
        "Share of the networks not trained on the example that predict its label.",
    ),
    Measure(
        "entropy",
        "Entropy of the votes",
        "larger",
        "Entropy in nats of the predictions of networks not trained on the example.",
    ),
    Measure(
        "iteration_learned",
        "Iteration learned",
        "larger",
        "First recorded step from which the prediction equals the final one, as the "
        "mean over the networks that trained on the example.",
    ),
    Measure(
        "output_margin",
        "Output margin",
        "smaller",
        "Largest minus second largest logit; with several networks, the mean over "
        "those not trained on the example.",
    ),
    Measure(
        "input_margin",
        "Input margin",
        "smaller",
        "Linearized distance of the input to the nearest other class, as the mean over "
        "the networks not trained on the example.",
    ),
    Measure(
        "forgetting",
        "Forgetting events",
        "larger",
        "Number of times the example went from right to wrong while training, as the "
        "mean over the networks that trained on it.",
    ),
    Measure(
        "aum",
        "Area under the margin",
        "smaller",
        "Mean over the recorded steps of the label's logit minus the largest other, as "
        "the mean over the networks that trained on the example.",
    ),
    Measure(
        "memorization",
        "Memorization",
        "larger",
        "How much likelier the label is predicted when the example was trained on.",
    ),
)

MEASURES: Mapping[str, Measure] = MappingProxyType({one.name: one for one in _ALL})
