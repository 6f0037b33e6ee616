"""Shells complete the words of `depthviz` by asking it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from depthviz.cli import main
from depthviz.cli.completion import complete
from depthviz.cli.named_charts import chart_names
from tests.paths import ROOT


def test_commands_options_choices_and_charts_are_completed() -> None:
    commands = ["demo", "report", "info", "figure", "export", "completion"]
    assert complete([]) == commands
    assert {"--json", "--check", "--help"} == set(complete(["info", "study.zarr"]))
    assert set(chart_names()) < set(complete(["figure", "study.zarr"]))
    assert not set(chart_names()) & set(complete(["figure"]))
    assert "--theme" in complete(["figure", "study.zarr", "depth_plane"])
    assert "map_by_probe" not in complete(["figure", "study.zarr", "depth_plane"])
    assert complete(["figure", "study.zarr", "-o"]) == []
    assert complete(["nope"]) == []
    assert {"bash", "zsh", "fish"} < set(complete(["completion"]))


def test_a_shell_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion"]) == 2
    assert capsys.readouterr().err == "depthviz: Name a shell: bash, zsh or fish.\n"


ASK = {
    "bash": (
        'eval "$(depthviz completion bash)"; COMP_WORDS=(depthviz {words}); '
        'COMP_CWORD={last}; _depthviz; printf "%s\\n" "${{COMPREPLY[@]}}"'
    ),
    "fish": "depthviz completion fish | source; complete -C 'depthviz {words}'",
    "zsh": (
        "compdef() {{ }}; compadd() {{ print -l -- $known }}; _files() {{ }}; "
        'eval "$(depthviz completion zsh)"; words=(depthviz {words}); '
        "CURRENT=$(({last} + 1)); _depthviz"
    ),
}


@pytest.mark.parametrize("shell", ASK)
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["inf"], "info"),
        (["figure", "a.zarr", "depth_h"], "depth_histogram"),
        (["figure", "a.zarr", "--theme", "d"], "dark"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_each_shell_finds_the_word(
    shell: str, words: list[str], found: str, tmp_path: Path
) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"needs {shell}")
    own = tmp_path / "depthviz"
    own.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m depthviz "$@"\n')
    own.chmod(0o755)
    code = ASK[shell].format(words=" ".join(words), last=len(words))
    done = subprocess.run(
        [program, "-c", code],
        env={
            **os.environ,
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert found in said, done.stderr
    assert "Traceback" not in done.stderr
