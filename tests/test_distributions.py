"""What a user installs: wheel and sdist hold the widget's bundle, freshly built."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.paths import copy_of_checkout

BUNDLE = "depthviz/widgets/static/widget.js"
ANNOTATING = "depthviz/widgets/static/annotate.js"
SHARED = "--no-build-isolation"  # with the tools of this environment


def build_wheel(
    source: Path, folder: Path, *options: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", str(folder)]
    return subprocess.run(
        [*command, *options, str(source)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_wheel_holds_the_package_and_its_bundle_only(
    distributions: dict[str, Path],
) -> None:
    with zipfile.ZipFile(distributions["wheel"]) as wheel:
        names = set(wheel.namelist())
        bundles = [wheel.read(name) for name in (BUNDLE, ANNOTATING)]
    assert {
        "depthviz/py.typed",
        "depthviz/__init__.py",
        "depthviz/__init__.pyi",
    } <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {
        "depthviz",
        "torch_depthviz",
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)
    # The smaller one holds the map, places by two columns with their axes, and what
    # each measure is on hover.
    for bundle, most in zip(bundles, (268_000, 300_000), strict=True):
        assert b"export{" in bundle or b"export default" in bundle
        assert len(bundle) <= most
    assert b"indexedDB" not in bundles[0]


def test_sdist_holds_sources_and_bundle(distributions: dict[str, Path]) -> None:
    with tarfile.open(distributions["sdist"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = {"js/src/index.ts", "js/hatch_build.py", "js/package-lock.json"}
    assert {BUNDLE, ANNOTATING, *wanted} <= names
    assert not any("node_modules" in name for name in names)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_of_checkout(tmp_path / "checkout")


def test_a_stale_bundle_is_built_anew(checkout: Path, tmp_path: Path) -> None:
    (checkout / BUNDLE).parent.mkdir(parents=True)
    (checkout / BUNDLE).write_text("stale")
    done = build_wheel(checkout, tmp_path, SHARED)
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    assert zipfile.ZipFile(wheel).read(BUNDLE) != b"stale"


def test_a_machine_without_node_builds_with_that_of_the_package_index(
    checkout: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    (bare / "python").symlink_to(sys.executable)
    done = build_wheel(checkout, tmp_path, PATH=str(bare))
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = tmp_path.glob("*.whl")
    assert BUNDLE in zipfile.ZipFile(wheel).namelist()


def test_a_bundle_that_fails_fails_the_build_with_the_reason(
    checkout: Path, tmp_path: Path
) -> None:
    (checkout / "js/src/index.ts").write_text("import { nothing } from './nowhere';")
    done = build_wheel(checkout, tmp_path, SHARED)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "The widget's bundles could not be built" in said
    assert "./nowhere" in said
