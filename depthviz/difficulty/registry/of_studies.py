"""Measures that come with a study, of one network or of many."""

from __future__ import annotations

from depthviz.difficulty.registry.measure import Measure

__all__ = ["OF_STUDIES"]

OF_STUDIES = (
    Measure(
        name="depth",
        title="Prediction depth",
        help="First probe from which every vote equals the network's prediction.",
        harder="larger",
        keep="larger",
        needs=frozenset({"votes"}),
        formula="0 if every vote is the prediction, else 1 + the last probe whose "
        "vote is not",
        reference="Baldock, Maennel & Neyshabur (2021). "
        "https://arxiv.org/abs/2106.09647",
    ),
    Measure(
        name="depth_of_label",
        title="Depth of the label",
        help="First probe from which every vote equals the given label.",
        harder="larger",
        keep="larger",
        needs=frozenset({"votes"}),
        formula="0 if every vote is the label, else 1 + the last probe whose vote is "
        "not",
        reference="depthviz",
    ),
    Measure(
        name="train_depth",
        title="Depth when trained on",
        help="Mean prediction depth over the networks that trained on the example.",
        harder="larger",
        keep="larger",
        needs=frozenset({"ensemble"}),
        formula="mean depth over the networks that trained on it",
        reference="Baldock, Maennel & Neyshabur (2021). "
        "https://arxiv.org/abs/2106.09647",
    ),
    Measure(
        name="train_label_depth",
        title="Depth of the label when trained on",
        help="Mean depth of the given label over the networks that trained on the "
        "example; groups go by it.",
        harder="larger",
        keep="larger",
        needs=frozenset({"ensemble"}),
        formula="mean depth_of_label over the networks that trained on it",
        reference="depthviz",
    ),
    Measure(
        name="validation_depth",
        title="Depth when held out",
        help="Mean prediction depth over the networks not trained on the example.",
        harder="larger",
        keep="larger",
        needs=frozenset({"ensemble"}),
        formula="mean depth over the networks that held it out",
        reference="Baldock, Maennel & Neyshabur (2021). "
        "https://arxiv.org/abs/2106.09647",
    ),
    Measure(
        name="suspicion",
        title="Label suspicion",
        help="Evidence for the best other class less that for the given label: "
        "neighbors at all probes, weighted by what their votes predict, and the "
        "softmax of the networks not trained on the example.",
        harder="larger",
        needs=frozenset({"votes"}),
        formula="max over c != y of g(c) - g(y); g(c) = log(s(c) + 1/2K) + mean "
        "held-out log softmax_c / 2",
        reference="depthviz",
    ),
    Measure(
        name="suspicion_rank",
        title="Suspicion rank",
        help="Share of the examples of its split (training or validation) whose "
        "suspicion is less, from 0 to below 1; with several networks, of all "
        "examples.",
        harder="larger",
        needs=frozenset({"votes"}),
        formula="share of the examples whose suspicion is less",
        reference="depthviz",
    ),
    Measure(
        name="neighbor_margin",
        title="Neighbor margin",
        help="Share of neighbors with the commonest other label minus share with the "
        "given one, averaged over the probes; with several networks, the mean "
        "over those not trained on the example.",
        harder="larger",
        needs=frozenset({"votes"}),
        formula="mean over probes of max over c != y of share(c) - share(y)",
        reference="depthviz",
    ),
    Measure(
        name="label_probability",
        title="Probability of the label",
        help="Softmax probability of the given label; with several networks, the mean "
        "over those not trained on the example.",
        harder="smaller",
        keep="smaller",
        needs=frozenset({"votes"}),
        formula="softmax_y",
    ),
    Measure(
        name="soft_entropy",
        title="Entropy of the mean softmax",
        help="Entropy in nats of the mean softmax of the networks not trained on the "
        "example.",
        harder="larger",
        keep="larger",
        needs=frozenset({"ensemble"}),
        formula="-sum_c q_c log q_c of q, the mean held-out softmax",
    ),
    Measure(
        name="confidence",
        title="Confidence",
        help="Softmax probability of the predicted class.",
        harder="smaller",
        keep="smaller",
        needs=frozenset({"votes"}),
        formula="max_c softmax_c",
    ),
    Measure(
        name="consistency",
        title="Consistency",
        help="Share of the networks not trained on the example that predict its "
        "consensus class.",
        harder="smaller",
        keep="smaller",
        needs=frozenset({"ensemble"}),
        formula="share of the networks that held it out and predict consensus_class",
        reference="Baldock, Maennel & Neyshabur (2021). "
        "https://arxiv.org/abs/2106.09647",
    ),
    Measure(
        name="c_score",
        title="C-score",
        help="Share of the networks not trained on the example that predict its label.",
        harder="smaller",
        keep="smaller",
        needs=frozenset({"ensemble"}),
        formula="share of the networks that held it out and predict y",
        reference="Jiang, Zhang, Talwar & Mozer (2021). "
        "https://arxiv.org/abs/2002.03206",
    ),
    Measure(
        name="entropy",
        title="Entropy of the votes",
        help="Entropy in nats of the predictions of networks not trained on the "
        "example.",
        harder="larger",
        keep="larger",
        needs=frozenset({"ensemble"}),
        formula="-sum_c v_c log v_c of v, the shares of held-out predictions",
        reference="Baldock, Maennel & Neyshabur (2021). "
        "https://arxiv.org/abs/2106.09647",
    ),
    Measure(
        name="memorization",
        title="Memorization",
        help="How much likelier the label is predicted when the example was trained "
        "on.",
        harder="larger",
        keep="larger",
        needs=frozenset({"ensemble"}),
        formula="P[y predicted | trained on it] - P[y predicted | held out]",
        reference="Feldman & Zhang (2020). https://arxiv.org/abs/2008.03703",
    ),
)
