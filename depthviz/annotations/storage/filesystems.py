"""Whether a folder lies on a disk that other machines share.

SQLite's write-ahead log needs memory that all its writers share, which a network disk
does not give.
"""

import os
from pathlib import Path

__all__ = ["is_on_network"]

_MOUNTS = Path("/proc/self/mountinfo")
_SHARED = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "gpfs"),
    *("beegfs", "glusterfs", "orangefs", "pvfs2", "davfs", "virtiofs", "vboxsf"),
}


def is_on_network(folder: Path) -> bool:
    """Whether the system says that a folder is on a disk of the network.

    Args:
        folder: One that exists.

    Returns:
        False, too, where the system does not tell.
    """
    place = os.path.realpath(folder)
    try:
        lines = _MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return False
    best, kind = "", ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        if len(fields) < 5 or not rest:
            continue
        point = fields[4].encode().decode("unicode_escape")
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, rest[0]
    return kind in _SHARED or kind.startswith("fuse.")
