"""A server whose answers are lost, or which is away: each event is there once."""

import re
import threading
import time
from collections.abc import Iterator

import pytest

from depthviz import annotations
from depthviz.annotations.storage import database
from depthviz.errors import DiskError
from tests.annotations.postgres import Server
from tests.annotations.proxy import Proxy, running_proxy


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with running_proxy(server.socket) as started:
        yield started


def by_proxy(url: str, proxy: Proxy) -> str:
    """The URL of a database by the way of the proxy."""
    name = re.search(r"@/(\w+)\?", url)
    assert name is not None
    return f"postgresql+psycopg://tester@127.0.0.1:{proxy.port}/{name[1]}"


def test_a_commit_whose_answer_is_lost_is_there_once(
    server: Server, proxy: Proxy
) -> None:
    url = server.new_database()
    store = annotations.open(by_proxy(url, proxy), annotator="ada")
    told = []
    for number in range(5):
        proxy.lose = 1
        told.append(store.record(number, "verdict", "correct").id)
        told.append(store.record(number, "note", "the next call works").id)
    proxy.lose = 1
    many = [{"example": each, "field": "tag", "value": "x"} for each in range(100)]
    told += [event.id for event in store.record_many(many)]
    proxy.lose = 1
    told += [event.id for event in store.undo()]
    assert (proxy.lose, proxy.lost) == (0, 7)
    with annotations.open(url) as direct:
        assert [event.id for event in direct.events()[0]] == told
    assert len({*told}) == len(told)
    print(f"\n{proxy.lost} answers lost, {len(told)} events told, {len(told)} there")


def test_a_store_that_is_made_while_answers_are_lost_is_made_once(
    server: Server, proxy: Proxy
) -> None:
    url = server.new_database()
    proxy.lose = 1
    with annotations.open(by_proxy(url, proxy), annotator="ada") as store:
        store.record("1", "note", "x")
    assert proxy.lost == 1
    assert len(annotations.open(url)) == 1


def test_a_server_that_is_away_for_5_s_is_waited_for(
    server: Server, proxy: Proxy
) -> None:
    url = server.new_database()
    store = annotations.open(by_proxy(url, proxy), annotator="ada")
    store.record("0", "verdict", "correct")
    proxy.shut()
    threading.Timer(5, proxy.open).start()
    begun = time.monotonic()
    event = store.record("1", "verdict", "correct")
    waited = time.monotonic() - begun
    assert 4.5 < waited < 25
    assert [each.id for each in annotations.open(url).events()[0]][-1] == event.id
    assert len(store) == 2
    print(f"\naway for 5 s: recorded after {waited:.1f} s")


def test_a_server_that_stays_away_is_named_and_can_be_tried_again(
    server: Server, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = annotations.open(by_proxy(server.new_database(), proxy), annotator="ada")
    monkeypatch.setattr(database, "PATIENCE", 0.3)
    proxy.shut()
    with pytest.raises(DiskError, match=r"(?s)did not answer.*try again"):
        store.record("1", "verdict", "correct")
    proxy.open()
    store.record("1", "verdict", "correct")
    assert len(store) == 1
