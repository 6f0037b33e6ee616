"""A Stop while a record is read closes its log, also while the traceback is kept."""

import os
import sys
from pathlib import Path

import pytest

from depthviz.training.record.reader import open_record
from depthviz.training.record.recorder import Recorder
from tests.machine.stops import lines_of, stop_at
from tests.training.record.recorded import batch, recorded


def open_logs(folder):
    place = Path("/proc/self/fd")
    targets = []
    for each in place.iterdir():
        try:
            targets.append(os.readlink(each))
        except OSError:  # the folder of descriptors itself
            continue
    return [target for target in targets if target.startswith(str(folder))]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
@pytest.mark.parametrize("keep_logits", [False, True])
def test_a_stop_at_any_line_of_reading_closes_the_log(tmp_path, keep_logits):
    recorded(tmp_path, keep_logits=keep_logits)

    def resume():
        with Recorder(tmp_path, resume=True, keep_logits=keep_logits) as recorder:
            recorder.record(*batch(9))

    stopped = 0
    for call in (lambda: open_record(tmp_path), resume):
        for line in lines_of(call):
            if line[0].co_filename.endswith(("reader.py", "steps.py", "log.py")):
                error = stop_at(line, call)
                stopped += error is not None
                assert open_logs(tmp_path) == [], line
                del error
    assert stopped > 20
    assert sys.exc_info() == (None, None, None)
