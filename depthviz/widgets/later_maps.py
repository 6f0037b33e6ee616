"""The maps of a study that waits for them, made when it is first looked at.

Whatever makes maps imports torch, so it is imported only where some are to be made.
"""

from depthviz.study import Study
from depthviz.study.storage.later_maps import maps_are_awaited

__all__ = ["complete"]


def complete(study: Study) -> Study:
    """Give a study the maps that it waits for; a bar shows how far they are.

    Args:
        study: Any.

    Returns:
        The same study if it waits for none, or if they cannot be made, of which a
        warning tells; else always the same one for it.
    """
    if not maps_are_awaited(study.dataset):
        return study
    from depthviz.measurement.maps import try_maps, with_maps

    return try_maps(with_maps, study, progress=True)
