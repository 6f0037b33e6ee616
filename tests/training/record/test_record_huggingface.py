"""The callback of Hugging Face's Trainer, on the Trainer itself."""

import sys

import pytest
import torch
from torch import nn

from depthviz.errors import ArgumentError, DependencyError
from depthviz.training import Indexed
from depthviz.training.record.huggingface import TrainerRecorder
from depthviz.training.record.recorder import Recorder

transformers = pytest.importorskip("transformers")
pytest.importorskip("accelerate")

N = 10
WORDS = torch.randint(2, 20, (N, 5), generator=torch.Generator().manual_seed(0))
LABELS = WORDS[:, 0] % 3
ROWS = [
    {"input_ids": words, "attention_mask": torch.ones(5, dtype=int), "labels": label}
    for words, label in zip(WORDS, LABELS.tolist(), strict=True)
]


def classifier():
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=20,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=8,
        num_labels=3,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return transformers.BertForSequenceClassification(config)


def trainer(folder, callback, *, model=None, rows=None, evaluated=None, **options):
    options = {"remove_unused_columns": False, "num_train_epochs": 3, **options}
    arguments = transformers.TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=4,
        learning_rate=1e-2,
        report_to=[],
        save_strategy=options.pop("save_strategy", "no"),
        disable_tqdm=True,
        use_cpu=True,
        dataloader_pin_memory=False,
        seed=1,
        **options,
    )
    return transformers.Trainer(
        classifier() if model is None else model,
        arguments,
        train_dataset=Indexed(ROWS) if rows is None else rows,
        eval_dataset=evaluated,
        callbacks=[callback],
    )


@pytest.mark.parametrize("options", [{}, {"gradient_accumulation_steps": 2}])
def test_the_trainer_records_every_example_of_every_epoch(tmp_path, options):
    with Recorder(keep_logits=True) as recorder:
        callback = TrainerRecorder(recorder)
        assert isinstance(callback, transformers.TrainerCallback)
        model = classifier()
        trainer(tmp_path, callback, model=model, **options).train()
        record = recorder.read(N)
    assert record.steps.tolist() == [1, 2, 3]
    assert record.recorded.all()
    assert torch.equal(record.label.long(), LABELS)
    assert not model._forward_hooks
    assert not model._forward_pre_hooks


class Named(nn.Module):
    """Gives logits in a dictionary or an object, as few lines of torch do."""

    def __init__(self, form):
        super().__init__()
        self.inner, self.form = nn.Linear(5, 3), form

    def forward(self, input_ids, attention_mask=None, labels=None):
        logits = self.inner(input_ids.float())
        loss = nn.functional.cross_entropy(logits, labels)
        return self.form(loss=loss, logits=logits)


# The compiler itself looks at the gradient of what it hands over.
@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor:UserWarning")
def test_a_compiled_model_is_recorded_as_a_whole(tmp_path):
    options = {"torch_compile": True, "torch_compile_backend": "eager"}
    with Recorder() as recorder:
        model = Named(dict)
        trainer(tmp_path, TrainerRecorder(recorder), model=model, **options).train()
        record = recorder.read(N)
    assert record.recorded.all()
    assert torch.equal(record.label.long(), LABELS)


def test_what_is_recorded_is_what_the_model_says_of_each_example(tmp_path):
    model = classifier()
    with torch.no_grad():
        expected = model.eval()(input_ids=WORDS, attention_mask=torch.ones(N, 5)).logits
    with Recorder(keep_logits=True) as recorder:
        callback = TrainerRecorder(recorder)
        trainer(tmp_path, callback, model=model, lr_scheduler_type="constant").train()
        first = recorder.read(N).logits[0]
    assert ((first - expected).abs().amax(1) < 1e-5).sum() == 4


def test_an_evaluation_in_between_is_not_recorded(tmp_path):
    with Recorder() as recorder:
        evaluated = [{**row, "labels": 2 - row["labels"]} for row in ROWS]
        callback = TrainerRecorder(recorder)
        whole = trainer(tmp_path, callback, evaluated=evaluated, eval_strategy="epoch")
        whole.train()
        assert torch.equal(recorder.read(N).label.long(), LABELS)


def test_training_that_goes_on_from_a_checkpoint_goes_on_with_its_epochs(tmp_path):
    with Recorder(tmp_path / "whole") as recorder:
        callback = TrainerRecorder(recorder)
        trainer(tmp_path, callback, save_strategy="steps", save_steps=4).train()
        whole = recorder.read(N)
    with Recorder(tmp_path / "rest") as recorder:
        rest = trainer(tmp_path, TrainerRecorder(recorder), save_strategy="no")
        rest.train(resume_from_checkpoint=str(tmp_path / "checkpoint-4"))
        again = recorder.read(N)
    assert again.steps.tolist() == [2, 3]
    assert again.recorded.sum(1).tolist() == [6, N]
    both = again.recorded
    torch.testing.assert_close(again.margin[both], whole.margin[1:][both])


def test_labels_that_the_trainer_keeps_are_given_beside(tmp_path):
    with Recorder() as recorder:
        callback = TrainerRecorder(recorder)
        with pytest.raises(ArgumentError, match="labels=all_labels"):
            trainer(tmp_path, callback, label_smoothing_factor=0.1).train()
        callback = TrainerRecorder(recorder, labels=LABELS)
        trainer(tmp_path, callback, label_smoothing_factor=0.1).train()
        assert torch.equal(recorder.read(N).label.long(), LABELS)


def test_positions_that_do_not_arrive_are_told(tmp_path):
    with Recorder() as recorder:
        callback = TrainerRecorder(recorder)
        with pytest.raises(ArgumentError, match="removes unused columns"):
            trainer(tmp_path, callback, remove_unused_columns=True).train()
        with pytest.raises(ArgumentError, match="No 'index' came with the batch"):
            trainer(tmp_path, callback, rows=ROWS).train()


def hooks(model):
    return len(model._forward_hooks) + len(model._forward_pre_hooks)


def forward(model, **inputs):
    return model.train()(input_ids=WORDS, attention_mask=torch.ones(N, 5), **inputs)


class Broken(transformers.TrainerCallback):
    def on_step_end(self, *_, **__):
        raise KeyError("mine")


class Unready(transformers.TrainerCallback):
    def on_epoch_begin(self, *_, **__):
        raise KeyError("mine")


@pytest.mark.parametrize("breaks", [Broken(), Unready()])
def test_after_an_exception_the_model_is_used_as_before(tmp_path, breaks):
    model = classifier()
    with Recorder(tmp_path / "record") as recorder:
        with TrainerRecorder(recorder) as callback:
            broken = trainer(tmp_path, callback, model=model)
            broken.add_callback(breaks)
            with pytest.raises(KeyError, match="mine"):
                broken.train()
            there = [log.read_bytes() for log in recorder.path.iterdir()]
            forward(model)
            forward(model, labels=LABELS).loss.backward()
            assert [log.read_bytes() for log in recorder.path.iterdir()] == there
            trainer(tmp_path, callback, model=model).train()
            assert recorder.read(N).recorded.all()
            assert not hooks(model)
            with pytest.raises(KeyError, match="mine"):
                broken.train()
            assert hooks(model)
        assert not hooks(model)


def test_an_error_of_the_recorder_leaves_the_model_as_it_was(tmp_path):
    model = classifier()
    with Recorder() as recorder:
        callback = TrainerRecorder(recorder)
        for options in ({"rows": ROWS}, {"label_smoothing_factor": 0.1}):
            with pytest.raises(ArgumentError):
                trainer(tmp_path, callback, model=model, **options).train()
            assert not hooks(model)


def test_a_model_that_takes_the_positions_keeps_them(tmp_path):
    class Wants(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner, self.seen = nn.Linear(5, 3), set()

        def forward(self, input_ids, labels, index):
            self.seen.update(index.tolist())
            logits = self.inner(input_ids.float())
            return nn.functional.cross_entropy(logits, labels), logits

    model = Wants()
    with Recorder() as recorder:
        callback = TrainerRecorder(recorder)
        trainer(tmp_path, callback, model=model, remove_unused_columns=True).train()
        assert recorder.read(N).recorded.all()
    assert model.seen == set(range(N))


def test_without_transformers_the_install_line_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with Recorder() as recorder, pytest.raises(DependencyError, match="pip install"):
        TrainerRecorder(recorder)
