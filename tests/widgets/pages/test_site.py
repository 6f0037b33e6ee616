"""The folder for large studies: numbered files, replaced whole, nobody else's lost."""

import json
import re
import zlib
from base64 import b64decode
from pathlib import Path

import pytest

import depthviz as dv
from depthviz.errors import DataError
from depthviz.widgets.payload.pack import pack_study
from tests.studies import tiny_study


def test_every_chunk_is_in_a_numbered_file(tmp_path: Path) -> None:
    page = dv.explore(tiny_study()).to_site(tmp_path / "site")
    assert page == tmp_path / "site" / "index.html"
    found: dict[str, bytes] = {}
    for file in (tmp_path / "site" / "data").iterdir():
        assert re.fullmatch(r"\d+\.js", file.name)
        said = re.fullmatch(r".*\?\.\((\d+), (\{.*\})\);\n", file.read_text())
        assert said
        assert said[1] == file.stem
        for name, (text, deflated) in json.loads(said[2]).items():
            data = b64decode(text)
            found[name] = zlib.decompress(data, -15) if deflated else data
    assert found == dict(pack_study(tiny_study()).chunks)


def test_an_earlier_one_is_replaced_whole(tmp_path: Path) -> None:
    explorer = dv.explore(tiny_study())
    explorer.to_site(tmp_path)
    (tmp_path / "data" / "999.js").write_text("stale")
    explorer.to_site(tmp_path)
    assert not (tmp_path / "data" / "999.js").exists()


def test_a_folder_with_anything_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(DataError, match=r"holds thesis\.tex"):
        dv.explore(tiny_study()).to_site(tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "mine"
    with pytest.raises(DataError, match="got the file"):
        dv.explore(tiny_study()).to_site(tmp_path / "thesis.tex")


def test_scripts_come_from_the_folder_alone(tmp_path: Path) -> None:
    text = dv.explore(tiny_study()).to_site(tmp_path).read_text(encoding="utf-8")
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert re.search(r"script-src 'sha256-[^']+' 'self';", policy)
    assert "unsafe" not in policy
