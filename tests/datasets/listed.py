"""A data set of listed items, and what is read of one."""

import torch
from torch.utils.data import Dataset

from depthviz.datasets.forms import as_examples


class Listed(Dataset):
    """A map-style data set of whatever items a test gives."""

    def __init__(self, items, classes=None):
        self.items = items
        if classes is not None:
            self.classes = classes

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]


def inputs_of(data, batch_size=100):
    return torch.cat([inputs for inputs, _ in as_examples(data).batches(batch_size)])


def labels_of(data):
    return torch.cat([labels for _, labels in as_examples(data).batches(100)]).tolist()
