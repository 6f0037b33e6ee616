"""How Sphinx builds the guide: `python -m sphinx -W -b html notebooks build/guide`."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from depthviz import __version__  # noqa: E402

project = "depthviz"
release = version = __version__
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "guide_extension",
]
exclude_patterns = ["guide_extension", "**/.ipynb_checkpoints"]
default_role = "literal"

html_theme = "furo"
html_title = "depthviz"
html_static_path = ["_static"]
html_css_files = ["guide.css"]
html_show_sphinx = False
html_copy_source = False
copybutton_exclude = ".linenos, .gp, .go"

# Types stand in the signatures alone; names of arrays are short there.
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 72
add_module_names = False
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

# The tutorials run once in each build, outside of the checkout, at a small size.
DATA = Path(os.environ.get("DEPTHVIZ_DATA", ROOT.parent / "shared" / "data"))
os.environ["DEPTHVIZ_DATA"] = str(DATA.resolve())
SMALL = {"EXAMPLES": "300", "SENTENCES": "1000", "MEMBERS": "4", "EPOCHS": "5"}
for name, small in SMALL.items():
    os.environ.setdefault(f"DEPTHVIZ_{name}", small)
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_timeout = 300
nb_execution_raise_on_error = True
# Without their data these would need a network.
NEEDED = {
    "02_the_paper.ipynb": "fashion_mnist",
    "05_text.ipynb": "sst2",
    "07_select.ipynb": "fashion_mnist",
}
nb_execution_excludepatterns = [
    name for name, folder in NEEDED.items() if not (DATA / folder).is_dir()
]
nb_merge_streams = True
# No script of another host: pages show an Explorer as its offline page.
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
