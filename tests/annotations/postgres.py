"""A server of PostgreSQL of the tests' own, in a temporary folder, on no port."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["INSTALL", "Server", "running_server"]

INSTALL = (
    "The tests need PostgreSQL: apt-get install postgresql (Debian, Ubuntu), or put "
    "initdb and postgres on the PATH."
)
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/bin", "/opt/homebrew/bin")


class Server:
    """A server that can be killed and started again.

    Args:
        folder: Of its data and its socket.
        programs: Where initdb and postgres are.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(folder / "data"), "-U", "tester", "-A", "trust")

    def url(self, database: str = "postgres") -> str:
        """The URL of one of its databases, by its socket."""
        return f"postgresql+psycopg://tester@/{database}?host={self._folder}"

    def new_database(self) -> str:
        """Make a database that holds nothing yet; the URL of it."""
        import psycopg

        name = f"d{uuid.uuid4().hex}"
        url = self.url().replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    @property
    def socket(self) -> Path:
        """The file that clients connect to."""
        return self._folder / ".s.PGSQL.5432"

    def start(self) -> None:
        """Start it and wait until it answers."""
        words = ["-D", str(self._folder / "data"), "-k", str(self._folder)]
        words += ["-c", "listen_addresses=", "-c", "shared_buffers=16MB"]
        self._process = subprocess.Popen(
            [str(self._programs / "postgres"), *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **_as_other(),
        )
        end = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError("PostgreSQL did not start.")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it without a word, as a lack of power does."""
        assert self._process is not None
        pid = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        self._process.wait()
        time.sleep(0.2)  # its children notice

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()

    def _answers(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(self.url().replace("+psycopg", "")) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [str(self._programs / program), *words],
            check=True,
            capture_output=True,
            **_as_other(),
        )


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server; find it, install Debian's where that is allowed, or fail."""
    programs = _find() or _install()
    if programs is None:
        raise RuntimeError(INSTALL)
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    user = _other()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    server = None
    try:
        server = Server(folder, programs)
        server.start()
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _find() -> Path | None:
    for place in _PLACES:
        for folder in sorted(Path("/").glob(place[1:]), reverse=True):
            if (folder / "initdb").exists() and (folder / "postgres").exists():
                return folder
    found = shutil.which("initdb")
    return None if found is None else Path(found).parent


def _install() -> Path | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (
        ["update"],
        ["install", "-y", "--no-install-recommends", "postgresql"],
    ):
        subprocess.run(["apt-get", *words], check=False, env=environment)
    return _find()


def _other() -> pwd.struct_passwd | None:
    """The user that it runs as: it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _as_other() -> dict[str, int]:
    user = _other()
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid}
