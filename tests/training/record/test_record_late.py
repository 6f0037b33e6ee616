"""What a GPU sends late, without a GPU."""

import pytest
import torch

from depthviz.errors import LabelError
from depthviz.training.record import recorder as recording
from depthviz.training.record.reader import open_record
from depthviz.training.record.recorder import Recorder
from depthviz.training.record.reduction import reduce_batch
from tests.training.record.recorded import LOG


class Late:
    """An event of a GPU that has not sent the numbers yet."""

    here = False

    def query(self):
        return self.here

    def synchronize(self):
        pass


@pytest.fixture
def late(monkeypatch):
    events = []

    def reduce_late(*arguments, **options):
        events.append(Late())
        return reduce_batch(*arguments, **options)._replace(ready=events[-1])

    monkeypatch.setattr(recording, "reduce_batch", reduce_late)
    return events


def test_what_a_gpu_sends_late_is_written_in_order(tmp_path, late):
    with Recorder(tmp_path) as recorder:
        index = torch.tensor([0, 1])
        for _ in range(3):
            recorder.record(index, torch.eye(2), [0, 1])
        index.fill_(7)
        assert not (tmp_path / LOG).exists()
        late[0].here = late[2].here = True
        recorder.record([0, 1], 2 * torch.eye(2), [0, 1])
        assert open_record(tmp_path).steps.tolist() == [1]
        assert recorder.read().steps.tolist() == [1, 2, 3, 4]
        assert recorder.read().margin[:, 0].tolist() == [1, 1, 1, 2]
        recorder.record([1], torch.eye(2)[:1], [0])
    assert open_record(tmp_path).steps.tolist() == [1, 2, 3, 4, 5]


def test_a_gpu_is_waited_for_before_too_much_is_on_its_way(tmp_path, late):
    with Recorder(tmp_path) as recorder:
        for _ in range(recording.QUEUE_LENGTH + 2):
            recorder.record([0], torch.eye(2)[:1], [0])
        assert open_record(tmp_path).steps.tolist() == [1, 2]


def test_a_wrong_label_on_a_gpu_is_told_when_it_arrives(late):
    recorder = Recorder()
    recorder.record([4], torch.eye(2)[:1], [2])
    with pytest.raises(LabelError, match="label of example 4 is 2"):
        recorder.close()
