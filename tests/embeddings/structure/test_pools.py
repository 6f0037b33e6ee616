"""Probes read tokens as the network's own head does, and say so."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from depthviz.embeddings import Probe, choose_probes, describe_probes, stream_embeddings
from depthviz.embeddings.choice import find_probes
from depthviz.embeddings.pooling import Pool
from depthviz.embeddings.structure.head_pool import find_head_pool
from depthviz.errors import FeatureError, ProbeError

IDS = torch.randint(2, 40, (8, 9), generator=torch.Generator().manual_seed(0))
IDS[:, 0] = 1  # as a class token


class Reader(nn.Module):
    """Two layers over tokens, and a head that reads them in some way."""

    def __init__(
        self, pick: Callable[[Tensor], Tensor], *, normed: bool = False, width: int = 12
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(40, 12)
        layer = nn.TransformerEncoderLayer(12, 2, 24, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(12) if normed else nn.Identity()
        self.head, self.pick = nn.Linear(width, 3), pick

    def forward(self, ids: Tensor) -> Tensor:
        return self.head(self.pick(self.norm(self.layers(self.embed(ids)))))


HEADS = [
    ("first", lambda x: x[:, 0]),
    ("last", lambda x: x[:, -1]),
    ("mean", lambda x: x.mean(1)),
    ("max", lambda x: x.amax(1)),
]


@pytest.mark.parametrize(("pool", "pick"), HEADS, ids=[name for name, _ in HEADS])
@pytest.mark.parametrize("normed", [False, True])
def test_the_rule_of_the_head_is_found(pool, pick, normed: bool) -> None:
    network = Reader(pick, normed=normed).eval()
    assert find_head_pool(network, IDS, examples=8) == pool
    choice = find_probes(network, IDS)
    layers = [each.pool for each in choice.probes if "layers" in each.name]
    assert layers == [pool, pool]
    assert "as the network's head reads them" in str(choice.pools)


def test_a_head_that_scores_each_token_is_found() -> None:
    class Scores(Reader):
        def forward(self, ids: Tensor) -> Tensor:
            return self.head(self.layers(self.embed(ids)))[:, -1]

    assert find_head_pool(Scores(lambda x: x).eval(), IDS, examples=8) == "last"


def test_a_row_that_is_read_before_later_tokens_is_not_the_heads() -> None:
    class Gated(Reader):
        def __init__(self) -> None:
            super().__init__(lambda x: x)
            self.gate = nn.Linear(12, 12)

        def forward(self, ids: Tensor) -> Tensor:
            tokens = self.embed(ids)
            gate = self.gate(tokens[:, 0])
            return self.head(self.layers(tokens).mean(1) * gate.sigmoid())

    assert find_head_pool(Gated().eval(), IDS, examples=8) is None


def test_a_head_that_lays_all_in_one_row_reads_them_whole() -> None:
    network = Reader(lambda x: x.flatten(1), width=9 * 12).eval()
    assert find_head_pool(network, IDS, examples=8) == "flatten"
    choice = find_probes(network, IDS)
    assert {each.pool for each in choice.probes} == {None}
    assert choice.pools is None


def test_an_unknown_head_leaves_the_mean_and_says_so() -> None:
    network = Reader(lambda x: (x.softmax(1) * x).sum(1)).eval()
    assert find_head_pool(network, IDS, examples=8) is None
    choice = find_probes(network, IDS)
    assert choice.probes[1].pool == "mean"
    assert "no pooling of the network's head was recognized" in str(choice.pools)


def test_where_the_class_token_has_seen_nothing_the_mean_is_read() -> None:
    choice = find_probes(Reader(lambda x: x[:, 0]).eval(), IDS)
    pools = {each.name: each.pool for each in choice.probes}
    assert pools["embed"] == "mean"
    assert "at embed, where it is the same for all examples" in str(choice.pools)


def test_what_a_person_names_is_left_as_it_is() -> None:
    network = Reader(lambda x: x[:, 0]).eval()
    asked = [Probe("embed", pool="max"), "layers.layers.0"]
    found = choose_probes(network, IDS, asked)
    assert [each.pool for each in found] == ["max", "first", None]


@pytest.mark.parametrize("pool", ["flatten", "mean", "max", "first", "last"])
def test_rows_are_those_of_the_pooling(pool: Pool) -> None:
    network = Reader(lambda x: x.mean(1)).eval()
    probes = choose_probes(network, IDS, [Probe("layers", pool=pool)])
    (batch,) = stream_embeddings(network, [IDS], probes, device=torch.device("cpu"))
    tokens = network.layers(network.embed(IDS)).detach()
    expected = {
        "flatten": tokens.flatten(1),
        "mean": tokens.mean(1),
        "max": tokens.amax(1),
        "first": tokens[:, 0],
        "last": tokens[:, -1],
    }
    assert torch.allclose(batch.embeddings["layers"], expected[str(pool)], atol=1e-6)


def test_pictures_and_dense_layers_are_read_whole() -> None:
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4, 3)
    )
    choice = find_probes(network, torch.rand(4, 1, 3, 3))
    assert {each.pool for each in choice.probes} == {None}
    assert choice.pools is None


def test_steps_of_floats_are_read_as_the_head_reads_them() -> None:
    class Series(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.steps, self.head = nn.GRU(5, 6, batch_first=True), nn.Linear(6, 3)

        def forward(self, rows: Tensor) -> Tensor:
            return self.head(self.steps(rows)[0].mean(1))

    choice = find_probes(Series().eval(), torch.rand(4, 7, 5))
    assert [each.pool for each in choice.probes] == [None, "mean", None]


def test_a_pool_without_tokens_is_refused_by_the_name_of_its_probe() -> None:
    network = Reader(lambda x: x.mean(1)).eval()
    with pytest.raises(ProbeError, match=r"'head': pool='max' needs tokens"):
        choose_probes(network, IDS, [Probe("head", pool="max")])


def test_batches_of_other_lengths_cannot_be_laid_in_one_row() -> None:
    network = Reader(lambda x: x.mean(1)).eval()
    batches = [IDS, IDS[:, :5]]
    flat = choose_probes(network, IDS, [Probe("layers", pool="flatten")])
    with pytest.raises(FeatureError, match=r"108 features in one batch and 60"):
        list(stream_embeddings(network, batches, flat, device=torch.device("cpu")))
    mean = choose_probes(network, IDS, [Probe("layers", pool="mean")])
    found = stream_embeddings(network, batches, mean, device=torch.device("cpu"))
    assert [each.embeddings["layers"].shape for each in found] == [(8, 12), (8, 12)]


def test_probes_say_how_they_read() -> None:
    choice = find_probes(Reader(lambda x: x[:, -1]).eval(), IDS)
    said = describe_probes(choice.probes, choice.shapes)
    assert "layers.0 (layers.layers.0, 9x12, last)" in said


def test_what_embeds_places_alone_is_no_stem() -> None:
    class Placed(Reader):
        def __init__(self) -> None:
            super().__init__(lambda x: x[:, -1])
            self.places = nn.Embedding(9, 12)

        def forward(self, ids: Tensor) -> Tensor:
            found = self.embed(ids)
            places = self.places(torch.arange(9).expand(len(ids), 9))
            return self.head(self.pick(self.layers(found + places)))

    names = [each.name for each in choose_probes(Placed().eval(), IDS)]
    assert names == ["embed", "layers.0", "layers.1", "softmax"]
