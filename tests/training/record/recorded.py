"""A small record, and the batches that it is made of."""

import torch

from depthviz.training.record.recorder import Recorder

LOG = "log-0-0.bin"


def batch(seed, *, count=6, classes=4):
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, classes, generator=generator)
    labels = torch.randint(classes, (count,), generator=generator)
    return torch.randperm(count, generator=generator), logits, labels


def recorded(path=None, *, epochs=3, **options):
    with Recorder(path, **options) as recorder:
        for epoch in range(epochs):
            recorder.record(*batch(epoch))
        return recorder.read()
