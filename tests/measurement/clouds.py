"""Studies of made-up embeddings, and the slow search that they are compared with."""

from collections import Counter

import numpy as np
import xarray as xr

from depthviz.study import Study


class Cloud:
    """Embeddings with many equal distances and duplicates; any examples may vote."""

    def __init__(self, seed, count=24, probes=4, classes=3, values=3):
        generator = np.random.default_rng(seed)
        self.points = generator.integers(0, values, (probes, count, 2)).astype(float)
        self.labels = generator.integers(0, classes, count).tolist()
        self.prediction = generator.integers(0, classes, count).tolist()
        self.trained = generator.permutation(count) < count * 3 // 4

    def nearest(self, probe, example, *, include_self):
        """All references from near to far, equal distances by index."""
        apart = ((self.points[probe] - self.points[probe, example]) ** 2).sum(1)
        found = [
            other
            for other in np.flatnonzero(self.trained).tolist()
            if include_self or other != example
        ]
        return sorted(found, key=lambda other: (apart[other], other))

    def study(self, k, *, include_self=False, **attributes):
        """A study that stores k neighbors."""
        probes, count = self.points.shape[:2]
        index = np.array(
            [
                [
                    self.nearest(probe, example, include_self=include_self)[:k]
                    for example in range(count)
                ]
                for probe in range(probes)
            ],
            np.int32,
        )
        apart = (
            self.points[:, :, None]
            - self.points[np.arange(probes)[:, None, None], index]
        )
        three = ("probe", "example", "neighbor")
        votes = [
            [vote([self.labels[other] for other in row]) for row in rows]
            for rows in index
        ]
        return Study(
            xr.Dataset(
                {
                    "split": ("example", np.where(self.trained, 0, 1).astype(np.uint8)),
                    "label": ("example", np.array(self.labels, np.int16)),
                    "prediction": ("example", np.array(self.prediction, np.int16)),
                    "depth": ("example", np.array(depths(votes, self.prediction))),
                    "neighbor_index": (three, index),
                    "neighbor_distance": (
                        three,
                        np.sqrt((apart**2).sum(-1)).astype(np.float32),
                    ),
                },
                {
                    "probe": [f"p{place}" for place in range(probes)],
                    "class": list("abc"),
                    "example_id": ("example", np.arange(count)),
                },
                {"include_self": include_self, **attributes},
            )
        )


def vote(labels, ties="nearest"):
    """The commonest label, under a rule for ties."""
    count = Counter(labels)
    tied = [label for label in count if count[label] == max(count.values())]
    if ties == "smallest":
        return min(tied)
    if ties == "fewer neighbors" and len(tied) > 1:
        return vote(labels[:-1], ties)
    return tied[0]


def depths(votes, compared):
    """The number of probes up to the last that has another vote."""
    return [
        max([p + 1 for p, row in enumerate(votes) if row[i] != mine], default=0)
        for i, mine in enumerate(compared)
    ]
