"""Texts reach the page in chunks, cut where they are too long, within its bytes."""

import json
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import depthviz as dv
from depthviz.study import Study
from depthviz.widgets.messages.pulls import answer_pull
from depthviz.widgets.pages.bundle import read_bundle
from depthviz.widgets.pages.page_payload import PagePayload, fit_payload
from depthviz.widgets.payload.pack import pack_study
from depthviz.widgets.payload.texts import LONGEST, PER_TEXTS, pack_texts
from tests.studies import repeated, vector_study

ODD = ("", "<b>bold</b></script>", "שלום עולם", "👩‍👩‍👧‍👦", "x" * 1_000_000)


def worded(count: int = 12) -> Study:
    study = vector_study(count)
    texts = [f"text {row}" for row in range(count)]
    texts[: len(ODD)] = ODD
    return study.assign(text=texts)


@cache
def many(length: int) -> Study:
    """3,000 texts of letters that hardly compress, every tenth of them ten times."""
    data = repeated(vector_study(40).dataset, 3_000)
    draw = np.random.default_rng(0)
    letters = [chr(97 + code) for code in draw.integers(0, 26, 10 * length)]
    texts = []
    for row in range(3_000):
        draw.shuffle(letters)
        texts.append("".join(letters[: length * (10 if row % 10 == 0 else 1)]))
    return Study(data).assign(text=texts)


def carried(payload: PagePayload) -> list[object]:
    entries = []
    for number in range(-(-payload.manifest["count"] // PER_TEXTS)):
        name = f"text/{number}"
        if name not in payload.chunks:
            entries += [None] * PER_TEXTS
            continue
        data = payload.chunks[name]
        data = zlib.decompress(data, -15) if name in payload.deflated else data
        entries += json.loads(data)
    return entries[: payload.manifest["count"]]


def test_how_much_the_network_was_given_goes_along_with_view_and_page() -> None:
    read = np.array([0, 3, 99, np.nan, 12, *[4] * 7])
    study = worded().assign(text_read=read)
    pack = pack_study(study)
    expected = [
        "",
        [ODD[1], len(ODD[1]), 3],
        *ODD[2:4],
        ["x" * LONGEST, 1_000_000, 12],
        *([f"text {row}", len(f"text {row}"), 4] for row in range(5, 12)),
    ]
    assert json.loads(pack.chunks["text/0"]) == expected
    page = fit_payload(study, pack, other_bytes=0, max_bytes=6_000_000)
    assert carried(page) == expected


def test_a_column_of_words_is_no_count_of_characters() -> None:
    pack = pack_study(worded().assign(text_read=["all"] * 12))
    assert json.loads(pack.chunks["text/0"])[5] == "text 5"


def test_texts_come_in_chunks_and_not_with_the_columns() -> None:
    pack = pack_study(worded())
    assert pack.manifest["previews"] == ["text"]
    assert "column/text" not in pack.chunks
    entries = json.loads(pack.chunks["text/0"])
    assert entries[:4] == list(ODD[:4])
    assert entries[4] == ["x" * LONGEST, 1_000_000]
    assert entries[5:] == [f"text {row}" for row in range(5, 12)]
    assert ["Texts", "1 is cut after 20,000 characters in this view"] in (
        pack.manifest["facts"]
    )


def test_few_texts_that_are_equal_are_texts_all_the_same() -> None:
    pack = pack_study(vector_study().assign(text=["so"] * 12))
    [column] = [each for each in pack.manifest["columns"] if each["name"] == "text"]
    assert (column["kind"], column["per_block"]) == ("text", PER_TEXTS)


def test_no_message_is_larger_than_four_mebibytes() -> None:
    study = vector_study(PER_TEXTS).assign(text=["é" * 30_000] * PER_TEXTS)
    chunks, offset, whole = pack_study(study).chunks, 0, b""
    while True:
        request = {"type": "pull", "id": 1, "name": "text/0", "offset": offset}
        answer, [piece] = answer_pull(chunks, request) or ({}, [memoryview(b"")])
        assert len(piece) <= 4 * 2**20
        whole += bytes(piece)
        offset += len(piece)
        if offset == answer["total"]:
            break
    assert [len(text) for text, _ in json.loads(whole)] == [LONGEST] * PER_TEXTS


def test_a_small_page_carries_all_texts_by_the_larger_bundle(tmp_path: Path) -> None:
    page = dv.explore(worded()).to_html(tmp_path / "page.html").read_text("utf-8")
    assert read_bundle(annotating=True) in page
    assert "</script><" not in page.split("data-depthviz-page>")[1].split("</script")[0]
    assert "data-depthviz-left-out" not in page


@pytest.mark.parametrize("size", [600_000, 800_000])
def test_a_page_that_is_too_small_cuts_the_longest_texts_and_says_so(size: int) -> None:
    study = many(200)
    payload = fit_payload(study, pack_study(study), max_bytes=size)
    entries = carried(payload)
    here = [entry for entry in entries if entry is not None]
    texts = study.frame()["text"].tolist()
    cut = max(len(entry[0] if isinstance(entry, list) else entry) for entry in here)
    for entry, text in zip(entries, texts, strict=True):
        if entry is not None:
            assert entry == (text if len(text) <= cut else [text[:cut], len(text)])
    assert f"the first {cut:,} characters of" in payload.left_out
    assert (len(here) < len(texts)) == ("the texts of" in payload.left_out)
    assert sum(map(len, payload.chunks.values())) < size


def test_where_not_all_begin_the_selected_and_the_hardest_do() -> None:
    study = many(200)
    first = np.array([7, 2_900])
    payload = fit_payload(study, pack_study(study), max_bytes=420_000, first=first)
    entries = carried(payload)
    assert entries[7] is not None
    assert entries[2_900] is not None
    assert None in entries
    assert "the texts of" in payload.left_out


def test_a_study_of_pictures_has_the_small_bundle() -> None:
    assert pack_study(vector_study()).manifest["previews"] == []
    assert dv.explore(vector_study())._esm == read_bundle()
    assert dv.explore(worded())._esm == read_bundle(annotating=True)


def test_what_no_tokenizer_counts_is_no_damage() -> None:
    texts = np.array(["so"] * 5, object)
    read = np.array([np.nan, -np.inf, -1, 0.5, np.inf])
    assert json.loads(pack_texts(texts, read=read)) == [
        "so",
        ["so", 2, 0],
        ["so", 2, 0],
        ["so", 2, 0],
        "so",
    ]
