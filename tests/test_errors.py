"""One family of errors, each also a builtin."""

import pytest

from depthviz import errors
from depthviz.errors import DepthvizError, ProbeError


@pytest.mark.parametrize("name", sorted(set(errors.__all__) - {"DepthvizError"}))
def test_every_error_is_ours_and_a_builtin(name: str) -> None:
    ours, builtin = getattr(errors, name).__bases__
    assert ours is DepthvizError
    assert builtin.__module__ == "builtins"


def test_an_unknown_probe_is_told_without_quotes() -> None:
    with pytest.raises(KeyError) as error:
        raise ProbeError("Unknown probe 'conv9'.")
    assert str(error.value) == "Unknown probe 'conv9'."
