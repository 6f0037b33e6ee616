"""What is damaged in the folder of a run, and what running again will do about it.

Nothing is changed: marks stay, and the run may go on elsewhere meanwhile.
"""

from __future__ import annotations

from pathlib import Path

from depthviz.ensembles.run.folder import RunFolder
from depthviz.ensembles.run.markers import marker_numbers, vouched_files
from depthviz.errors import FormatError, StudyError
from depthviz.study.storage.reading.damage import find_damage

__all__ = ["find_run_damage"]


def find_run_damage(path: Path) -> dict[str, str]:
    """Read all of a run's members and its shown study, and list what is damaged.

    Args:
        path: The run's folder.

    Returns:
        How each damaged file is damaged, by its name in the folder, with the member
        that is made again. Empty if all is well, whether members are missing or not.

    Raises:
        FormatError: If the run's definition is damaged.
        StudyError: If the folder is no run.
    """
    folder = RunFolder(path)
    if folder.definition() is None:
        raise StudyError(f"There is no run of an ensemble at {path}.")
    members, found = folder.members(), {}
    for number, marker in marker_numbers(folder.markers).items():
        again = f"; running again makes member {number} again"
        if number not in members:
            found[f"members/{marker.name}"] = f"it marks no member{again}"
            continue
        for name, what in vouched_files(folder.study, members[number]).damaged():
            found[f"{folder.study.name}/{name}"] = f"{what}{again}"
    if folder.shown.exists():
        try:
            damage = find_damage(folder.shown)
        except FormatError as error:
            damage = {"zarr.json": str(error)}
        remedy = "move the folder elsewhere, and running again makes it again"
        for name, what in damage.items():
            found[f"{folder.shown.name}/{name}"] = f"{what}; {remedy}"
    return found
