"""The table of speeds is whole, whatever the times are."""

import pytest

from tests.benchmarks.explorer import __main__ as explorer
from tests.benchmarks.explorer.lines import Line


def test_a_line_says_whether_its_target_is_met() -> None:
    assert Line("x", 31, least=30).verdict == "met"
    assert Line("x", 29, least=30).verdict == "**missed**"
    assert Line("x", 16, most=15).verdict == "**missed**"
    assert Line("x", None, most=15).verdict == "not measured"
    assert Line("x", 16).verdict == ""


def test_the_explorer_prints_every_line_about_pages(
    capsys: pytest.CaptureFixture[str],
) -> None:
    explorer.main(["--quick", "--no-kernel"])
    printed = capsys.readouterr().out
    lines = [line for line in printed.splitlines() if line.startswith("| ")]
    assert {line.count(" | ") for line in lines} == {4}
    for words in ("morph", "lasso", "grid scroll", "10 columns", "first paint", "MB"):
        assert any(words in line and "not measured" not in line for line in lines)
