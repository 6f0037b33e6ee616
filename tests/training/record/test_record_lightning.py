"""The callback of Lightning, on Lightning itself."""

import sys

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from depthviz.errors import ArgumentError, DependencyError
from depthviz.training import Indexed
from depthviz.training.record.lightning import LightningRecorder
from depthviz.training.record.recorder import Recorder

lightning = pytest.importorskip("lightning.pytorch")
pytestmark = [
    # Lightning itself asks torch in a way that torch no longer likes.
    pytest.mark.filterwarnings("ignore:.*treespec, LeafSpec:FutureWarning"),
    # It advises more workers, and fewer logged steps, for real trainings.
    pytest.mark.filterwarnings("ignore:The 'train_dataloader' does not have many"),
    pytest.mark.filterwarnings("ignore:The number of training batches"),
]

N = 10
INPUTS = torch.randn(N, 3, generator=torch.Generator().manual_seed(0))
LABELS = (INPUTS[:, 0] > 0).long()


class Network(lightning.LightningModule):
    """Returns what it is told to; remembers what the truth was."""

    def __init__(self, returned):
        super().__init__()
        self.layer, self.returned, self.truth = nn.Linear(3, 2), returned, []

    def training_step(self, batch, batch_idx):
        inputs, labels, index = batch
        logits = self.layer(inputs)
        step = self.current_epoch + 1
        for i, row in zip(index.tolist(), logits.detach().clone(), strict=True):
            self.truth.append((step, i, row))
        loss = nn.functional.cross_entropy(logits, labels)
        everything = {"loss": loss, "logits": logits, "labels": labels, "index": index}
        return {name: everything[name] for name in self.returned}

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.5)


def trained(network, callback, *, epochs=3, **options):
    trainer = lightning.Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        callbacks=[callback],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        **options,
    )
    data = Indexed(TensorDataset(INPUTS, LABELS))
    trainer.fit(network, DataLoader(data, batch_size=4, shuffle=True))
    return trainer


def check(record, network, epochs=3):
    assert record.steps.tolist() == list(range(1, epochs + 1))
    assert record.recorded.all()
    assert torch.equal(record.label.long(), LABELS)
    for step, i, row in network.truth:
        assert torch.equal(record.logits[step - 1, i], row)


@pytest.mark.parametrize(
    ("returned", "names"),
    [
        (("loss", "logits", "labels", "index"), {}),
        (("loss", "logits"), {"labels": 1, "index": 2}),
    ],
)
@pytest.mark.parametrize("accumulated", [1, 2])
def test_lightning_records_every_example_of_every_epoch(returned, names, accumulated):
    network = Network(returned)
    with Recorder(keep_logits=True) as recorder:
        callback = LightningRecorder(recorder, **names)
        assert isinstance(callback, LightningRecorder)
        assert isinstance(callback, lightning.Callback)
        trained(network, callback, accumulate_grad_batches=accumulated)
        check(recorder.read(N), network)


def test_what_lightning_does_not_give_is_named():
    network = Network(("loss", "logits"))
    with Recorder() as recorder:
        callback = LightningRecorder(recorder, index=2)
        with pytest.raises(ArgumentError, match=r"No 'labels' .* of 'loss', 'logits'"):
            trained(network, callback)
        with pytest.raises(ArgumentError, match=r"No 7 for the index .* list of 3"):
            trained(network, LightningRecorder(recorder, index=7))


class Skipping(Network):
    """Skips the batches it is told to, by returning None or nothing."""

    def __init__(self, skipped):
        super().__init__(("loss", "logits"))
        self.skipped = skipped

    def training_step(self, batch, batch_idx):
        found = super().training_step(batch, batch_idx)
        return None if batch_idx in self.skipped else found


@pytest.mark.filterwarnings("ignore:`training_step` returned `None`")
def test_batches_that_the_step_skips_are_left_out():
    with Recorder() as recorder:
        names = {"labels": 1, "index": 2}
        trained(Skipping({1}), LightningRecorder(recorder, **names))
        assert recorder.read(N).recorded.sum(1).tolist() == [6, 6, 6]
        with pytest.raises(ArgumentError, match="returned None in all 9 batches"):
            trained(Skipping({0, 1, 2}), LightningRecorder(recorder, **names))


def test_a_loss_alone_is_refused_by_what_came():
    with Recorder() as recorder:
        callback = LightningRecorder(recorder, labels=1, index=2)
        with pytest.raises(ArgumentError, match=r"No 'logits' .* dictionary of 'loss'"):
            trained(Network(("loss",)), callback)


def test_without_lightning_the_install_line_is_told(monkeypatch):
    for name in list(sys.modules):
        if name.split(".")[0] in {"lightning", "pytorch_lightning"}:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lightning", None)
    monkeypatch.setitem(sys.modules, "pytorch_lightning", None)
    with Recorder() as recorder, pytest.raises(DependencyError, match="pip install"):
        LightningRecorder(recorder)
