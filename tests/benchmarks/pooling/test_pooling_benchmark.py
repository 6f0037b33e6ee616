"""A tenth of the benchmark of pooling goes through, and what its tables say is true."""

import numpy as np
import pytest
import torch

from tests.benchmarks.pooling import __main__ as pooling
from tests.benchmarks.pooling.depths import Depths, Found, measure_task
from tests.benchmarks.pooling.report import report
from tests.benchmarks.pooling.sentences import (
    apart_in_wording,
    make_tokenizer,
    read_sentences,
)
from tests.benchmarks.pooling.tasks import TASKS, make_task, of_rows
from tests.benchmarks.test_benchmarks import rows_of

pytestmark = pytest.mark.filterwarnings("ignore")  # of transformers' own


def test_a_tenth_prints_every_pair_of_rules_and_every_place(capsys, data_dir):
    pooling.main(["--share", "0.05", "--seeds", "0", "--threads", "1"])
    printed = capsys.readouterr().out
    assert printed.startswith("Processor: ")
    assert [row["data"] for row in rows_of(printed, ["data", "run"])] == list(TASKS)
    pairs = rows_of(printed, ["data", "rules"])
    assert len(pairs) == 2 * (3 + 3 + 10)
    assert all(row["run 1"].count("[") == 1 for row in pairs)
    places = [row["rule"] for row in rows_of(printed, ["rule"])]
    assert places == ["flatten", "mean", "first"] * 3 + ["max", "last"]


def test_the_class_token_tells_nothing_before_the_first_block(data_dir):
    task = make_task("fashion", 240, quick=True)
    accuracy = measure_task(task, seed=0).by_pool["first"].accuracy
    tokens, block = accuracy["tokens"], accuracy["block 1"]
    assert tokens < 0.25
    assert block > 0.3


def test_sets_without_their_data_are_said(capsys, monkeypatch):
    monkeypatch.setattr(pooling, "have_data", lambda name: False)
    pooling.main(["--share", "0.1", "--threads", "1"])
    printed = capsys.readouterr().out
    assert printed.count("set DEPTHVIZ_DATA") == len(TASKS)


def test_tables_count_the_examples_that_were_held_out():
    one, other = (Depths(np.array(depth), {"block 1": 0.5}) for depth in DEPTHS)
    found = Found((1.0, 0.5), slice(2, None), {"mean": one, "first": other})
    printed = report({"some": [found]})
    [correlation], [share] = (
        [row for row in rows_of(part, ["data", "rules"])]
        for part in printed.split("**Share")
    )
    assert correlation["rules"] == share["rules"] == "mean, first"
    assert float(share["run 1"].split()[0]) == 0.25
    assert float(correlation["run 1"].split()[0]) > 0.9


DEPTHS = ([9, 9, 0, 1, 2, 3], [0, 0, 0, 1, 2, 5])


def test_sentences_share_no_four_words_in_a_row(data_dir):
    texts, labels = read_sentences(300, 0)
    assert len(texts) == len(labels) == 300
    assert set(labels.tolist()) == {0, 1}
    assert apart_in_wording([text.split() for text in texts]) == list(range(300))
    assert read_sentences(300, 0)[0] == texts != read_sentences(300, 1)[0]


def test_a_tokenizer_begins_with_the_class_token_and_pads():
    tokenizer = make_tokenizer(["a good film", "a bad film , it is"])
    ids, mask = tokenizer(["film", "a bad film"], padding=True).values()
    assert [tokenizer.decode(row) for row in ids] == [
        "[CLS] film [SEP] [PAD] [PAD]",
        "[CLS] a [UNK] film [SEP]",
    ]
    assert mask == [[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]
    cut = tokenizer(["a " * 99], truncation=True)["input_ids"][0]
    assert len(cut) == tokenizer.model_max_length


def test_rows_are_taken_of_every_tensor():
    rows = torch.tensor([2, 0])
    assert of_rows(torch.arange(3), rows).tolist() == [2, 0]
    assert of_rows({"ids": torch.arange(3)}, rows)["ids"].tolist() == [2, 0]
