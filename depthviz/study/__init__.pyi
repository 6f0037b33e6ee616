"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.study.container import Study as Study
from depthviz.study.container import open_study as open_study
from depthviz.study.conventions.definition import Conventions as Conventions
from depthviz.study.conventions.presets import PRESETS as PRESETS
from depthviz.study.conventions.presets import Preset as Preset
from depthviz.study.conventions.recount import Recount as Recount
from depthviz.study.conventions.sensitivity import (
    stored_sensitivity as stored_sensitivity,
)
from depthviz.study.decoding.rates import decodability as decodability
from depthviz.study.decoding.votes import decoded_votes as decoded_votes
from depthviz.study.failures.detection import failure_detection as failure_detection
from depthviz.study.failures.sentences import (
    describe_failure_detection as describe_failure_detection,
)
from depthviz.study.joining import concat as concat
from depthviz.study.previews.truncation import characters_read as characters_read
from depthviz.study.storage.root import FORMAT_VERSION as FORMAT_VERSION
