"""Explorers in the guide: each is its own offline page in a frame.

An executed notebook would need scripts of another host to draw a widget. So kernels of
this build write the offline page of each Explorer that a cell shows, and the cell's
output is a frame with that page.
"""

import hashlib
import html
import os
from pathlib import Path

__all__ = ["FOLDER", "explorer_html", "show_offline_pages", "write_startup"]

FOLDER = "_explorers"
_PAGES = "DEPTHVIZ_GUIDE_PAGES"
_STARTUP = """
from guide_extension.explorers import show_offline_pages

show_offline_pages()
"""


def explorer_html(page: str, what: str) -> str:
    """Write the frame of an offline page, and a link that opens it alone."""
    source, title = html.escape(f"{FOLDER}/{page}"), html.escape(what)
    return (
        '<figure class="explorer">'
        f'<iframe src="{source}" title="Explorer: {title}" loading="lazy"></iframe>'
        f'<figcaption><a href="{source}" target="_blank">Open this Explorer in a tab '
        "of its own</a></figcaption></figure>"
    )


def write_startup(folder: Path, pages: Path) -> None:
    """Have every kernel that this process starts write its Explorers to `pages`."""
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    (startup / "offline_pages.py").write_text(_STARTUP, encoding="utf-8")
    here = Path(__file__).parents[1]
    paths = [str(here), str(here.parent), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    os.environ["IPYTHONDIR"] = str(folder.resolve())
    os.environ[_PAGES] = str(pages.resolve())


def show_offline_pages() -> None:
    """Show an Explorer as its offline page, in the kernel that calls this."""
    import comm

    from depthviz.widgets import Explorer

    # Nobody listens: the state of a widget would only be copied into the built page.
    comm.create_comm = comm.DummyComm
    Explorer._repr_mimebundle_ = _offline_bundle


def _offline_bundle(self: object, **_: object) -> tuple[dict[str, str], dict[str, str]]:
    """Write the page of an Explorer under the digest of its bytes."""
    folder = Path(os.environ[_PAGES])
    page = self.to_html(folder / f"{os.getpid()}.html")
    digest = hashlib.sha256(page.read_bytes()).hexdigest()[:16]
    page = page.replace(folder / f"{digest}.html")
    frame = explorer_html(page.name, self.study.dataset.attrs.get("title", "a study"))
    return {"text/html": frame, "text/plain": repr(self)}, {}
