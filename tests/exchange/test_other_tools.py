"""What the guide says of tools that tests do not install: where they are, they run."""

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyarrow import parquet

from tests.guide.pages import GUIDE, blocks
from tests.studies import tiny_study

PAGE = GUIDE / "interchange.md"


@dataclass
class Classification:
    """The fields of `fiftyone.core.labels.Classification`, as its manual lists them."""

    label: str | None = None
    confidence: float | None = None
    logits: Any = None
    tags: list[str] = field(default_factory=list)


class Sample:
    """`fiftyone.core.sample.Sample(filepath, tags=None, metadata=None, **fields)`."""

    def __init__(
        self, filepath: str, tags: Any = None, metadata: Any = None, **fields: Any
    ) -> None:
        self.filepath, self.tags, self.metadata = filepath, tags, metadata
        self.fields = fields

    def __setitem__(self, name: str, value: Any) -> None:
        self.fields[name] = value


class Collection(list[Sample]):
    """`fiftyone.core.dataset.Dataset(name)` and its `add_samples`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def add_samples(self, samples: list[Sample]) -> None:
        self.extend(samples)


def code_with(words: str) -> str:
    [found] = [block for block in blocks(PAGE, "python") if words in block]
    return found


def test_fiftyone_gets_a_sample_an_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = SimpleNamespace(
        Sample=Sample, Classification=Classification, Dataset=Collection
    )
    monkeypatch.setitem(sys.modules, "fiftyone", stand_in)
    monkeypatch.chdir(tmp_path)
    study = tiny_study(("cat", "dog", "bird"))
    names: dict[str, Any] = {"study": study}
    exec(compile(code_with("import fiftyone"), PAGE.name, "exec"), names)
    made, frame = names["dataset"], study.frame()
    assert len(made) == len(study)
    for sample, (_, row) in zip(made, frame.iterrows(), strict=True):
        assert Path(sample.filepath).read_bytes().startswith(b"\x89PNG")
        assert sample.tags == [row["split"]]
        assert sample.fields["ground_truth"].label == row["label_name"]
        predicted = sample.fields["prediction"]
        assert predicted.label == study.classes[row["prediction"]]
        assert predicted.confidence == pytest.approx(row["confidence"])
        assert sample.fields["depth"] == row["depth"]
        assert type(sample.fields["depth"]) is int


def test_polars_and_duckdb_read_a_study() -> None:
    pytest.importorskip("polars")
    pytest.importorskip("duckdb")
    study = tiny_study()
    names: dict[str, Any] = {"study": study}
    exec(compile(code_with("import polars"), PAGE.name, "exec"), names)
    assert names["table"]["depth"].to_list() == study.frame()["depth"].tolist()
    assert len(names["deep"].fetchall()) == study.frame()["label"].nunique()


def test_embedding_atlas_opens_the_file(tmp_path: Path) -> None:
    command = shutil.which("embedding-atlas")
    if command is None:
        pytest.skip("embedding-atlas is not installed: its packages take 7 GB.")
    study = tiny_study()
    study.to_parquet(tmp_path / "study.parquet")
    [line] = [one for one in blocks(PAGE, "text") if "embedding-atlas" in one]
    words = [*line.split()[1:], "--export-application", "page.zip"]
    subprocess.run(
        [command, *words],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        check=True,
    )
    with zipfile.ZipFile(tmp_path / "page.zip") as page:
        page.extract("data/dataset.parquet", tmp_path)
    table = parquet.read_table(tmp_path / "data" / "dataset.parquet")
    assert table.num_rows == len(study)
    assert table["image"][0]["bytes"].as_py().startswith(b"\x89PNG")
