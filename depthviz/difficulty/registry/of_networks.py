"""Measures of a network's outputs and embeddings, or of many networks' outputs.

Functions load what they need when they are called: the table itself loads no torch.
Measures without a function are not there yet.
"""

from __future__ import annotations

from typing import Any

from depthviz.difficulty.registry.measure import Measure

__all__ = ["OF_NETWORKS"]


def _output_margin(logits: Any) -> Any:
    from depthviz.difficulty.margins import output_margin

    return output_margin(logits)


def _input_margin(model: Any, inputs: Any) -> Any:
    from depthviz.difficulty.margins import input_margin

    return input_margin(model, inputs)


def _predictive_entropy(logits: Any) -> Any:
    from depthviz.difficulty.outputs.entropy import predictive_entropy

    return predictive_entropy(logits)


def _informativeness(logits: Any) -> Any:
    from depthviz.difficulty.outputs.entropy import informativeness

    return informativeness(logits)


def _held_out_loss(label_probabilities: Any, held_out: Any) -> Any:
    from depthviz.difficulty.presentations.errors import training_loss

    return training_loss(label_probabilities, recorded=held_out)


def _label_quality(probabilities: Any, labels: Any) -> Any:
    from depthviz.difficulty.outputs.confident_learning import label_quality

    return label_quality(probabilities, labels)


def _prototype_distance(embeddings: Any, labels: Any, trained: Any) -> Any:
    from depthviz.difficulty.spaces.prototypes import prototype_distance

    return prototype_distance(embeddings, labels, reference=trained)


def _prototype_distance_mean(embeddings: Any, labels: Any, trained: Any) -> Any:
    from depthviz.difficulty.spaces.prototypes import prototype_distance

    return prototype_distance(embeddings, labels, center="mean", reference=trained)


def _neighborhood_confidence(embeddings: Any, logits: Any) -> Any:
    from depthviz.difficulty.spaces.directions import neighborhood_confidence

    return neighborhood_confidence(embeddings, logits.softmax(1).amax(1))


def _purity(embeddings: Any, reference: Any) -> Any:
    from depthviz.difficulty.spaces.directions import purity

    own = (reference.cumsum(0) - 1).masked_fill(~reference, -1)
    return purity(embeddings, embeddings[reference], own=own)


OF_NETWORKS = (
    Measure(
        name="output_margin",
        title="Output margin",
        help="Largest minus second largest logit; with several networks, the mean "
        "over those not trained on the example.",
        harder="smaller",
        keep="smaller",
        needs=frozenset({"logits"}),
        formula="z_a - z_b of the two largest logits",
        reference="Baldock, Maennel & Neyshabur (2021). "
        "https://arxiv.org/abs/2106.09647",
        compute=_output_margin,
    ),
    Measure(
        name="input_margin",
        title="Input margin",
        help="Linearized distance of the input to the nearest other class, as the "
        "mean over the networks not trained on the example.",
        harder="smaller",
        keep="smaller",
        needs=frozenset({"input gradients"}),
        formula="(z_a - z_b) / ||grad_x (z_a - z_b)||_2 of the two largest logits",
        reference="Elsayed et al. (2018). https://arxiv.org/abs/1803.05598",
        compute=_input_margin,
    ),
    Measure(
        name="predictive_entropy",
        title="Predictive entropy",
        help="Entropy in nats of the softmax of one network.",
        harder="larger",
        keep="larger",
        needs=frozenset({"logits"}),
        formula="-sum_c softmax_c log softmax_c",
        reference="Askari-Hemmat et al. (2025). https://arxiv.org/abs/2502.15588",
        compute=_predictive_entropy,
    ),
    Measure(
        name="informativeness",
        title="Informativeness",
        help="What the largest softmax probability lacks to 1.",
        harder="larger",
        keep="larger",
        needs=frozenset({"logits"}),
        formula="1 - max_c softmax_c",
        reference="Park et al. (2022). https://arxiv.org/abs/2210.07805",
        compute=_informativeness,
    ),
    Measure(
        name="held_out_loss",
        title="Held-out loss",
        help="Mean cross-entropy of the label, in nats, over the networks not trained "
        "on the example.",
        harder="larger",
        keep="smaller",
        needs=frozenset({"ensemble"}),
        formula="mean over the networks that held it out of -log softmax_y",
        reference="Gao et al. (2025). https://arxiv.org/abs/2502.09650",
        compute=_held_out_loss,
    ),
    Measure(
        name="label_quality",
        title="Label quality",
        help="cleanlab's score of the label, from the mean softmax of the networks "
        "not trained on the example.",
        harder="smaller",
        needs=frozenset({"held-out probabilities"}),
        formula="q_y (self-confidence) of q, the mean held-out softmax",
        reference="Northcutt, Jiang & Chuang (2021). https://arxiv.org/abs/1911.00068",
        compute=_label_quality,
    ),
    Measure(
        name="prototype_distance",
        title="Distance to the class median",
        help="Euclidean distance of the embedding to the median of the training "
        "examples of its label.",
        harder="larger",
        needs=frozenset({"embeddings"}),
        formula="||e - median of the e with label y||_2",
        reference="Xia et al. (2023). https://openreview.net/forum?id=7D5EECbOaf9",
        compute=_prototype_distance,
    ),
    Measure(
        name="prototype_distance_mean",
        title="Distance to the class mean",
        help="Euclidean distance of the embedding to the mean of the training "
        "examples of its label.",
        harder="larger",
        keep="larger",
        needs=frozenset({"embeddings"}),
        formula="||e - mean of the e with label y||_2",
        reference="Sorscher et al. (2022). https://arxiv.org/abs/2206.14486",
        compute=_prototype_distance_mean,
    ),
    Measure(
        name="neighborhood_confidence",
        title="Neighborhood confidence",
        help="Confidence of all examples that lie in the direction of this one, "
        "itself included, each by its similarity.",
        harder=None,
        needs=frozenset({"embeddings", "logits"}),
        formula="sum over j with cos(e, e_j) > 0.95 of (1 + cos(e, e_j)) / 2 max_c "
        "softmax_c(j)",
        reference="Park et al. (2023). https://arxiv.org/abs/2311.01002",
        compute=_neighborhood_confidence,
    ),
    Measure(
        name="purity",
        title="Purity",
        help="Cosine of the embedding to the nearest trusted one: by default of "
        "another training example.",
        harder="smaller",
        needs=frozenset({"embeddings"}),
        formula="max over the reference of cos(e, e_r)",
        reference="Park et al. (2022). https://arxiv.org/abs/2210.07805",
        compute=_purity,
    ),
    Measure(
        name="grand",
        title="GraNd",
        help="Length of the gradient of the loss in the weights at an early step, as "
        "the mean over networks.",
        harder="larger",
        keep="larger",
        needs=frozenset({"parameter gradients"}),
        formula="mean over networks of ||grad_w loss||_2 at one early step",
        reference="Paul, Ganguli & Dziugaite (2021). https://arxiv.org/abs/2107.07075",
    ),
    Measure(
        name="vog",
        title="Variance of gradients",
        help="How much the gradient of the label's logit in the input varies over "
        "checkpoints.",
        harder="larger",
        needs=frozenset({"input gradients", "checkpoints"}),
        formula="mean over pixels of std over checkpoints of d z_y / d x",
        reference="Agarwal, D'souza & Hooker (2022). https://arxiv.org/abs/2008.11600",
    ),
    Measure(
        name="unique_information",
        title="Unique information",
        help="How much the linearized network's outputs on held-out inputs change "
        "when it is trained without the example.",
        harder="larger",
        keep="larger",
        needs=frozenset({"jacobian"}),
        formula="mean over held-out x of ||f(x) - f without i(x)||^2",
        reference="Harutyunyan et al. (2021). https://arxiv.org/abs/2101.06640",
    ),
    Measure(
        name="weight_information",
        title="Weight information",
        help="How much the linearized network's weights change when it is trained "
        "without the example.",
        harder="larger",
        keep="larger",
        needs=frozenset({"jacobian"}),
        formula="||w - w without i||^2",
        reference="Harutyunyan et al. (2021). https://arxiv.org/abs/2101.06640",
    ),
    Measure(
        name="rng_difficulty",
        title="RNG difficulty",
        help="Mean of the random draws by which a generator made the example.",
        harder="larger",
        needs=frozenset({"given"}),
        formula="mean of the draws of one accepted example",
        reference="Hodel (2024). https://arxiv.org/abs/2404.07353",
    ),
)
