"""What a network of texts costs to measure: `python -m tests.benchmarks.text`.

A BERT of 6 layers, 256 wide, on sentences of up to 32 tokens, given as ids with their
mask. What could not be saved is one forward pass and the products of all pairs at the
machine's best rate; a measurement without maps is told as a ratio to that. Weights and
sentences are drawn: time does not depend on what they say.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor, nn

import depthviz as dv
from tests.benchmarks.machine import best_products, rate, seconds, threads
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.tables import table, target

__all__ = ["main"]

K = 30
SENTENCES, QUICK = 20_000, 300
LENGTH, WORDS, WIDTH, LAYERS = 32, 2_000, 256, 6
BATCH = 256
REPEATS = 2


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    given = _arguments(argv)
    print(describe_processor())
    count = QUICK if given.quick else given.sentences
    with threads(given.threads):
        model, (inputs, labels) = _network(), _sentences(count)
        passes = _best(lambda: _forward(model, inputs))
        run = partial(_measure, model, (inputs, labels))
        first, warm = seconds(run), _best(run)
        products = best_products(quick=given.quick)
        peak = max(rate(product, repeats=1) for product in products)
        features = sum(_features(run()).values())
    at_peak = 2.0 * count**2 * features / peak / 1e9
    least = passes + at_peak
    parts = {
        "one forward pass alone": passes,
        "products of all pairs at the peak": at_peak,
        "measure, first use": first,
        "measure, warm": warm,
    }
    print(
        table(
            f"**{count:,} sentences**, {LAYERS} layers of {WIDTH}, {features:,} "
            f"features at all probes, k = {K}, {given.threads} threads.",
            ["part", "seconds", "times (forward pass + products)"],
            [(name, taken, taken / least) for name, taken in parts.items()],
        )
    )
    name = "measure / (one forward pass + products at the peak)"
    print(target(name, warm / least, most=1.5))


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few sentences, to try it")
    parser.add_argument("--sentences", type=int, default=SENTENCES)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(argv)


def _network() -> nn.Module:
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=WORDS,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        intermediate_size=4 * WIDTH,
        max_position_embeddings=LENGTH,
        num_labels=2,
    )
    return BertForSequenceClassification(config).eval()


def _sentences(count: int) -> tuple[dict[str, Tensor], Tensor]:
    """Draw sentences of 4 to 32 words, the first a class token, padded at the end."""
    draw = torch.Generator().manual_seed(0)
    ids = torch.randint(5, WORDS, (count, LENGTH), generator=draw)
    ids[:, 0] = 1
    sizes = torch.randint(4, LENGTH + 1, (count, 1), generator=draw)
    mask = (torch.arange(LENGTH) < sizes).long()
    labels = torch.randint(2, (count,), generator=draw)
    return {"input_ids": ids * mask, "attention_mask": mask}, labels


def _forward(model: nn.Module, inputs: dict[str, Tensor]) -> None:
    count = len(inputs["input_ids"])
    with torch.inference_mode():
        for start in range(0, count, BATCH):
            part = slice(start, start + BATCH)
            model(**{name: values[part] for name, values in inputs.items()})


def _measure(model: nn.Module, data: tuple[dict[str, Tensor], Tensor]) -> dv.Study:
    return dv.measure(
        model,
        data,
        k=K,
        device="cpu",
        projection=None,
        progress=False,
        batch_size=BATCH,
    )


def _features(study: dv.Study) -> dict[str, int]:
    """Count the features of each probe: one token's, or a number for each class."""
    places = study.dataset.attrs["probes"]
    classes = len(study.classes)
    return {one["name"]: WIDTH if one["module"] else classes for one in places}


def _best(run: Callable[[], object]) -> float:
    return min(seconds(run) for _ in range(REPEATS))


if __name__ == "__main__":
    main()
