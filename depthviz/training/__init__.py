"""Training: a plain loop by a recipe, and the record of any training.

The callbacks of other libraries import them only when one is made.
"""

from depthviz.datasets.indexing import Indexed
from depthviz.training.loop import fit
from depthviz.training.recipe import Recipe
from depthviz.training.record.huggingface import TrainerRecorder
from depthviz.training.record.lightning import LightningRecorder
from depthviz.training.record.reader import open_record
from depthviz.training.record.reading.stored import StoredRecord
from depthviz.training.record.record import TrainingRecord
from depthviz.training.record.recorder import Recorder

__all__ = [
    "Indexed",
    "LightningRecorder",
    "Recipe",
    "Recorder",
    "StoredRecord",
    "TrainerRecorder",
    "TrainingRecord",
    "fit",
    "open_record",
]
