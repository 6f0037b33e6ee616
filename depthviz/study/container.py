"""A study: one `xarray.Dataset` with named dimensions, and the few things done to it.

The dimensions are `probe`, `example`, `neighbor` and `class`, and `member` of an
ensemble; a neighbor's index is an example's position, -1 where the neighbor is none of
the study's examples. Whatever has the one dimension `example` is a column of `frame()`,
so other code adds a measure by adding a variable. The class holds nothing else and is
never changed: what adds, returns another.

Knows nothing of how anything was measured.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xarray as xr

from depthviz.errors import ArgumentError, StudyError
from depthviz.exchange.methods import ExchangeMethods
from depthviz.machine.disk.failures import reading
from depthviz.machine.paths import local_path
from depthviz.study.consistency import check_dataset, order_dimensions
from depthviz.study.examples import rows_of
from depthviz.study.measures.methods import MeasureMethods
from depthviz.study.members import count_failed, describe_fit
from depthviz.study.picture_files import confine_pictures
from depthviz.study.previews.giving import add_preview
from depthviz.study.rows import count_measured, settle_rows
from depthviz.study.rules import describe_suspicion
from depthviz.study.storage.reading.opening import open_dataset
from depthviz.study.storage.zarr_folder import save_dataset
from depthviz.study.table import to_frame
from depthviz.study.user_columns import to_column

if TYPE_CHECKING:
    from depthviz.difficulty import Groups

__all__ = ["Study", "open_study"]


@dataclass(frozen=True, eq=False, repr=False)
class Study(MeasureMethods, ExchangeMethods):
    """What was measured of a network and its examples.

    A study may be made of rows of another one's dataset, in any order, as xarray gives
    them: `Study(study.dataset.isel(example=mask))` is `study.subset(mask)`.

    Attributes:
        dataset: All of it, with what it was measured by in `attrs`.

    Raises:
        StudyError: If the dataset has no examples, or none with an id of its own each;
            if it lacks probes, neighbors, members or classes that were measured, or
            examples were filled in or come twice.
    """

    dataset: xr.Dataset

    def __post_init__(self) -> None:
        check_dataset(self.dataset)
        settled = settle_rows(order_dimensions(self.dataset))
        object.__setattr__(self, "dataset", settled)

    def __len__(self) -> int:
        return int(self.dataset.sizes["example"])

    @property
    def probes(self) -> tuple[str, ...]:
        """Names of the probes, the input first; StudyError if there are none."""
        return self._names("probe", "probes")

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, by label; StudyError if there are none."""
        return self._names("class", "classes")

    @property
    def k(self) -> int:
        """Number of neighbors that vote; StudyError if the study has none."""
        if "neighbor" not in self.dataset.sizes:
            raise StudyError(
                "This study has no neighbors, so there is no k. Measure it with "
                "depthviz.measure."
            )
        return int(self.dataset.sizes["neighbor"])

    def frame(self) -> pd.DataFrame:
        """Build a table with one row per example.

        Returns:
            Columns in a fixed order, the user's last, indexed by `example_id`.
            `label` and `prediction` are positions among the classes; `correct` and
            `undecided` are derived here.
        """
        return to_frame(self.dataset)

    def assign(self, /, **columns: Any) -> Study:
        """Add columns to the examples.

        Args:
            **columns: One value per example, shape `(N,)`, in the order of the study:
                an array, a list, or a Series indexed by `example_id` in any order.

        Returns:
            A study with these columns; an earlier column of the user's is replaced.

        Raises:
            StudyError: If a column does not fit or bears the name of a measured one.
        """
        return Study(
            self.dataset.assign(
                {
                    name: to_column(self.dataset, name, values)
                    for name, values in columns.items()
                }
            )
        )

    def with_preview(self, preview: Any) -> Study:
        """Say what is to be seen of the examples, where they are no pictures.

        Args:
            preview: One text an example, in the order of the study, kept as the column
                `text`; a table with one row an example, a DataFrame or a mapping of
                columns, whose columns become columns of the study; or one sound an
                example, `(samples, rate)` or the path of a WAV file, whose wave becomes
                its picture.

        Returns:
            A study with it.

        Raises:
            ArgumentError: If it is none of these.
            DataError: If a file cannot be read.
            ShapeError: If it is not of as many examples.
            StudyError: If a column does not fit or bears the name of a measured one.
        """
        return Study(add_preview(self.dataset, preview))

    def subset(self, examples: Any) -> Study:
        """Take some of the examples, in the order given.

        What is measured of each example stays what it is: depths, votes and stored
        groups are those among all examples, and so are the accuracies of probes and
        members. `groups()` sorts the part anew, and `suspicion_rank` is the rank in it.
        Neighbors that are not in the part are
        not shown, and conventions cannot be counted again without them;
        `depthviz.concat` of parts finds them again.

        Args:
            examples: Ids; rows of `frame()`; a mask of N truth values in the order of
                the study, or a Series of truth values indexed by `example_id` in any
                order.

        Returns:
            A study of these examples.

        Raises:
            DataError: If examples are none of these, or one is unknown or given twice.
        """
        rows = rows_of(self.dataset["example_id"].values, examples)
        return Study(self.dataset.isel(example=rows))

    def groups(
        self,
        q: float | None = None,
        *,
        boundaries: tuple[float, float, float, float] | None = None,
    ) -> Groups:
        """Sort the examples into the corners of the plane of two depths.

        The quantiles are those of the study's own examples: of a part they are found
        anew, while its column `group` is kept as it was among all.

        Args:
            q: Low is at or below the q-quantile of a depth, high at or above its
                (1 - q)-quantile; in (0, 0.5], by default 0.3.
            boundaries: Absolute depths in place of quantiles: where low ends and high
                begins, of `train_label_depth` (`train_depth` where a study has no
                other) and then of `validation_depth`.

        Returns:
            The group of each example, the boundaries and, where the study knows the
            depths of each member, how often an example keeps its group when members
            are drawn again.

        Raises:
            StudyError: If the study has one depth per example.
            ArgumentError: If q or the boundaries are out of range or order, or both are
                given.
        """
        missing = {"train_depth", "validation_depth"} - set(self.dataset)
        if missing:
            raise StudyError(
                "Groups need two depths of every example, train_depth and "
                "validation_depth, averaged over networks that trained on it and "
                f"networks that did not. This study lacks "
                f"{' and '.join(sorted(missing))}: one network gives one depth per "
                "example. Train several on different splits with depthviz.Ensemble, "
                "or rank by depth or suspicion instead."
            )
        from depthviz.study.grouping import QUANTILE, group_examples

        if q is not None and boundaries is not None:
            raise ArgumentError(
                f"Give q or boundaries, not both: got q={q!r} and boundaries="
                f"{boundaries!r}. Boundaries are absolute depths and need no quantile."
            )
        share = QUANTILE if q is None else q
        return group_examples(self.dataset, q=share, boundaries=boundaries)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Save the study as a folder in the Zarr v3 format, whole or not at all.

        The new folder takes its place when it is complete; until then, and if the
        process is killed, an earlier study stays what it was. Where one is replaced,
        this study is read into memory first: it may have been opened from there.
        Annotations lie in a file of their own beside a study and stay there:
        `depthviz.annotations.open(place).backup(path)` takes them along.

        Args:
            path: The folder to write, on a local or mounted disk.
            overwrite: Whether an earlier study at that place is replaced, be it one
                that appeared meanwhile. Nothing else ever is: no other folder, no study
                of a newer format, and no study with a file of yours in its folder. Its
                saved views are kept if it is of the same data.

        Returns:
            The path.

        Raises:
            ArgumentError: If the path is none of a local disk.
            DiskError: If it cannot be written: the disk is full, the folder is
                read-only or a mount point. An earlier study is then unchanged.
            StudyError: If something that may not be replaced is there, or the study
                holds what cannot be kept: text that is not UTF-8, or values of another
                type; names it.
        """
        return save_dataset(self.dataset, local_path(path), overwrite=overwrite)

    def __repr__(self) -> str:
        return f"<depthviz.Study: {', '.join(self._facts())}>"

    def _repr_html_(self) -> str:
        facts = "".join(f"<li>{escape(fact)}</li>" for fact in self._facts())
        title = escape(str(self.dataset.attrs.get("title", "Study")))
        return f"<div><strong>{title}</strong><ul>{facts}</ul></div>"

    def _facts(self) -> list[str]:
        sizes = self.dataset.sizes
        words = {"example": "examples", "probe": "probes", "class": "classes"}
        words |= {"member": "members"}
        facts = [
            f"{sizes[name]:,} {word}" for name, word in words.items() if name in sizes
        ]
        if (measured := count_measured(self.dataset)) != len(self):
            facts[0] = f"{len(self):,} of {measured:,} examples measured"
        if failed := count_failed(self.dataset):
            facts.append(f"{failed:,} of them failed")
        if "neighbor" in sizes:
            facts.append(f"k = {self.k}")
        if "probe" in self.dataset.coords:
            facts.append(f"probes {' · '.join(self.probes)}")
        noted = (describe_fit(self.dataset), describe_suspicion(self.dataset))
        return [*facts, *self._mean_depths(), *filter(None, noted)]

    def _names(self, dimension: str, what: str) -> tuple[str, ...]:
        if dimension not in self.dataset.coords:
            raise StudyError(
                f"This study has no names of {what}: its dataset lacks the coordinate "
                f"{dimension!r}. Keep it, or measure with depthviz.measure."
            )
        return tuple(map(str, self.dataset[dimension].values))

    def _mean_depths(self) -> list[str]:
        two = {"train_depth": "when trained on", "validation_depth": "when held out"}
        wanted = two if set(two) <= set(self.dataset) else {"depth": ""}
        return [
            f"mean depth {float(self.dataset[name].mean()):.2f} {words}".rstrip()
            for name, words in wanted.items()
            if name in self.dataset
        ]


def open_study(
    path: str | os.PathLike[str], *, pictures: str | os.PathLike[str] | None = None
) -> Study:
    """Open a saved study; its arrays are read when they are used.

    Args:
        path: The folder that `Study.save` wrote, or that of an ensemble's run.
        pictures: The folder of the picture files that the study names by `path`: a live
            Explorer opens those in it at full size, and no other file. By default the
            folder that the study lies in.

    Returns:
        The study.

    Raises:
        ArgumentError: If a path is none of a local disk.
        DiskError: If the system does not let it be read.
        FormatError: If there is no study, or it is unfinished, damaged or of a newer
            format; later, when an array is used, if the folder was replaced or removed.
    """
    folder = local_path(path)
    allowed = folder.parent if pictures is None else local_path(pictures)
    with reading(folder):
        return Study(confine_pictures(open_dataset(folder), allowed))
