"""`depthviz info --check`: every file is read, and what is damaged is listed."""

from pathlib import Path

__all__ = ["check_files"]

DAMAGED = 1


def check_files(path: str) -> int:
    """Read all of a study or of a run, and print what is damaged.

    Args:
        path: The folder.

    Returns:
        The exit status: 0 if all is well, 1 if not.

    Raises:
        DepthvizError: If there is no study or run to read.
    """
    from depthviz.ensembles.run.inspection import find_run_damage
    from depthviz.machine.paths import local_path
    from depthviz.study.storage.regions import is_finished
    from depthviz.study.storage.root import RUN

    folder = local_path(path).resolve()
    damage: dict[str, str] = {}
    if (folder / RUN).exists() and not is_finished(folder):
        damage = find_run_damage(folder)
    facts = _check_study(folder, damage)
    for name, what in damage.items():
        print(f"{name}: {what}")
    print(
        f"{len(damage)} damaged: {facts}" if damage else f"Nothing is damaged: {facts}"
    )
    return DAMAGED if damage else 0


def _check_study(folder: Path, damage: dict[str, str]) -> str:
    """Add what is damaged in the study; say in words what was read."""
    from depthviz.errors import FormatError
    from depthviz.study.storage.reading.damage import find_damage, list_files
    from depthviz.study.storage.reading.opening import study_of
    from depthviz.study.storage.root import RUN

    try:
        study = study_of(folder)
    except FormatError as error:
        if damage or not (folder / RUN).exists():
            return str(error)
        raise
    listed = list_files(study)
    for name, what in find_damage(study).items():
        place = f"{study.name}/{name}" if study != folder else name
        damage.setdefault(place, what)
    count, size = len(listed.sizes), sum(listed.sizes.values())
    sums = "their checksums" if listed.checksums else "their sizes alone, as the study "
    if not listed.checksums:
        sums += "was saved without checksums; its chunks can be unpacked"
    return f"{count:,} files of {size / 1e6:,.1f} MB were compared with {sums}."
