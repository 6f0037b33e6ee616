"""Studies that are kept in unusual ways, and sound all the same."""

import numpy as np
import pytest
import xarray as xr

import depthviz as dv
from depthviz.errors import FormatError
from depthviz.study import open_study
from tests.studies import tiny_study


@pytest.fixture
def saved(tmp_path):
    return tiny_study().save(tmp_path / "study.zarr")


def test_links_to_the_files_themselves_are_followed(saved, tmp_path):
    (tmp_path / "kept").mkdir()
    for number, file in enumerate([*saved.rglob("*")]):
        if file.is_file():
            kept = file.rename(tmp_path / "kept" / str(number))
            file.symlink_to(kept)
    open_study(saved).dataset.load()


def test_a_link_to_another_file_is_damage(saved):
    file = saved / "label" / "c" / "0"
    file.unlink()
    file.symlink_to("/etc/passwd")
    with pytest.raises(FormatError, match="label"):
        open_study(saved).dataset.load()


def test_a_large_array_of_zeros_opens_again(saved):
    data = open_study(saved).dataset.load()
    bag = np.zeros((len(data["example"]), 2**25 // len(data["example"])), np.float64)
    wide = xr.concat([xr.DataArray(bag, dims=("example", "word"))] * 5, "word")
    dv.Study(data.assign(bag=wide)).save(saved, overwrite=True)
    assert not open_study(saved).dataset["bag"][0].values.any()


def test_an_attribute_of_the_users_may_be_called_checksums(saved):
    data = open_study(saved).dataset.load().assign_attrs(checksums=["a"])
    dv.Study(data).save(saved, overwrite=True)
    assert open_study(saved).dataset.attrs["checksums"] == ["a"]
