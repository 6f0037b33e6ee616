"""A proxy before PostgreSQL that loses answers, or does not answer for a while."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["Proxy", "running_proxy"]

_COMMIT = b"COMMIT"


class Proxy:
    """Passes bytes between clients and the server's socket.

    Args:
        target: The file of the server's socket.

    Attributes:
        port: Where clients connect, on 127.0.0.1.
        lose: How many answers to a COMMIT are still to be lost.
        lost: How many were.
    """

    def __init__(self, target: Path) -> None:
        self._target = str(target)
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self.port = 0
        self.lose = self.lost = 0
        self.open()

    def open(self) -> None:
        """Take connections, at the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(
            target=self._accept, args=(self._listener,), daemon=True
        ).start()

    def shut(self) -> None:
        """Cut all connections and refuse new ones."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        for each in [*self._open]:
            _cut(each)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                self._open |= {client, server}
                dropping = threading.Event()
                for ends in ((client, server), (server, client)):
                    threading.Thread(
                        target=self._pass, args=(*ends, dropping), daemon=True
                    ).start()

    def _pass(
        self, here: socket.socket, there: socket.socket, dropping: threading.Event
    ) -> None:
        from_client = here.family == socket.AF_INET
        with suppress(OSError):
            while data := here.recv(2**16):
                if from_client and self.lose and _COMMIT in data:
                    self.lose -= 1
                    dropping.set()
                elif not from_client and dropping.is_set():
                    self.lost += 1  # it is committed: this would have said so
                    break
                there.sendall(data)
        for each in (here, there):
            _cut(each)
        self._open -= {here, there}


@contextmanager
def running_proxy(target: Path) -> Iterator[Proxy]:
    """Start a proxy, and shut it at the end."""
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.shut()
        time.sleep(0.05)


def _cut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
