"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.annotations.agreement import Agreement as Agreement
from depthviz.annotations.events import Event as Event
from depthviz.annotations.fingerprints import fingerprint as fingerprint
from depthviz.annotations.opening import open as open
from depthviz.annotations.store import Annotations as Annotations
