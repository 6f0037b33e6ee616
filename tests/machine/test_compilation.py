"""Compiled loops are kept where that can be done, and work wherever it cannot."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from depthviz.machine.compilation import listening, may_compile

pytest.importorskip("numba")
SOURCE = """
from depthviz.machine.compilation import compiled_loop, loop_part


@loop_part()
def _twice(value):
    return 2 * value


@compiled_loop()
def double(values, out):
    for i in range(len(values)):
        out[i] = _twice(values[i])
"""


class Heard:
    """Notes what is compiled."""

    def __init__(self) -> None:
        self.kept: list[bool] = []
        self.seconds: list[float] = []

    def begin(self, *, kept: bool) -> None:
        self.kept.append(kept)

    def end(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module with a loop, in a folder of its own."""
    monkeypatch.setattr("numba.config.CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "package" / "loops.py"
    path.parent.mkdir()
    path.write_text(SOURCE)
    return path


def load(path: Path) -> Any:
    """Import the module as a new process would."""
    spec = spec_from_file_location("loops", path)
    assert spec is not None
    assert spec.loader is not None
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def use(path: Path, dtype: type = np.float64) -> list[bool]:
    """Run the loop; say of each compilation whether it is kept."""
    heard, values = Heard(), np.arange(3, dtype=dtype)
    with listening(heard):
        out = np.empty_like(values)
        load(path).double(values, out)
    assert out.tolist() == [0, 2, 4]
    assert len(heard.seconds) == len(heard.kept)
    assert all(seconds > 0 for seconds in heard.seconds)
    return heard.kept


def files(folder: Path, kind: str) -> list[Path]:
    return sorted(folder.rglob(f"*.{kind}"))


def test_a_loop_is_compiled_once_and_kept_beside_its_module(module: Path) -> None:
    assert use(module) == [True]
    assert use(module) == []
    assert len(files(module.parent / "__pycache__", "nbc")) == 1


def test_a_changed_module_is_compiled_anew(module: Path) -> None:
    use(module)
    module.write_text(SOURCE.replace("2 * value", "value + value"))
    assert use(module) == [True]


def test_the_users_folder_keeps_what_the_package_may_not(
    module: Path, tmp_path: Path
) -> None:
    (module.parent / "__pycache__").write_text("a file, so no folder")
    assert use(module) == [True]
    assert use(module) == []
    assert len(files(tmp_path / "cache", "nbc")) == 1


@pytest.mark.parametrize("home", ["a file", "none"])
def test_without_any_folder_a_loop_is_compiled_in_memory(
    home: str, module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (module.parent / "__pycache__").write_text("a file, so no folder")
    monkeypatch.chdir(tmp_path)
    if home == "none":
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setattr("os.path.expanduser", lambda path: path)
    else:
        (tmp_path / "cache").write_text("a file, so no folder")
    assert use(module) == [False]
    assert use(module) == [False]
    assert not (tmp_path / "~").exists()


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("share", [0, 0.5])
def test_damaged_files_are_written_anew(module: Path, kind: str, share: float) -> None:
    use(module)
    (kept,) = files(module.parent, kind)
    whole = kept.read_bytes()
    kept.write_bytes(whole[: int(share * len(whole))])
    assert use(module) == [True]
    assert use(module) == []


def test_what_belongs_to_other_types_is_not_taken(module: Path) -> None:
    use(module)
    use(module, np.float32)
    one, other = files(module.parent, "nbc")
    other.write_bytes(one.read_bytes())
    kept = [*use(module), *use(module, np.float32)]
    assert kept == [True]
    assert use(module, np.float32) == []


def test_a_full_disk_changes_nothing(
    module: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", fail)
    assert use(module) == [True]


def test_processes_may_compile_at_once(module: Path) -> None:
    code = (
        "import sys, numpy as np; sys.path.insert(0, sys.argv[1]); import loops\n"
        "for dtype in np.float32, np.float64, np.int64:\n"
        "    out = np.zeros(3, dtype); loops.double(np.ones(3, dtype), out)\n"
        "    assert (out == 2).all()"
    )
    command = [sys.executable, "-c", code, str(module.parent)]
    running = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]


@pytest.mark.parametrize(("word", "allowed"), [("0", False), ("1", True)])
def test_the_environment_may_forbid_to_compile(
    word: str, allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPTHVIZ_COMPILE", word)
    assert may_compile() is allowed
