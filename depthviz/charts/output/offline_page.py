"""A chart as one HTML file that draws itself without a network."""

from __future__ import annotations

import html
import json
from typing import Any

from depthviz.charts.output.conversion import runtime
from depthviz.charts.output.raster import MOST_MARKS

__all__ = ["embedded_json", "html_page"]

# Vega compiles its expressions, so 'unsafe-eval' is needed; nothing can be loaded.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data: blob:"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>body {{ margin: 0; padding: 8px; background: {ground}; }}</style>
</head>
<body>
<div id="chart"></div>
<script type="application/json" id="spec">{spec}</script>
<script>
(() => {{
{runtime}
const drawn = JSON.parse(document.getElementById("spec").textContent);
vegaEmbed("#chart", drawn, {{ actions: false, renderer: "{renderer}" }});
}})();
</script>
</body>
</html>
"""


def html_page(spec: dict[str, Any]) -> str:
    """Write a chart as a page.

    Args:
        spec: As Vega-Lite takes it.

    Returns:
        HTML with the scripts that draw it.

    Raises:
        DependencyError: If vl-convert is missing.
        TaskError: If it cannot run in this process.
    """
    rows = sum(len(rows) for rows in spec.get("datasets", {}).values())
    ground = spec.get("config", {}).get("background") or "white"
    return PAGE.format(
        policy=html.escape(POLICY),
        title=html.escape(_title(spec)),
        ground=html.escape(str(ground)),
        runtime=runtime(),
        spec=embedded_json(spec),
        renderer="canvas" if rows > MOST_MARKS else "svg",
    )


def embedded_json(value: Any) -> str:
    r"""Write JSON that can stand in a page: no text of it ends the script.

    Args:
        value: What JSON holds.

    Returns:
        The text.

    Example:
        >>> embedded_json("</script>")
        '"\\u003c/script>"'
    """
    text = json.dumps(value, allow_nan=False, ensure_ascii=True)
    return text.replace("<", "\\u003c")


def _title(spec: dict[str, Any]) -> str:
    title = spec.get("title", "")
    text = title.get("text", "") if isinstance(title, dict) else title
    return " ".join(text) if isinstance(text, list) else str(text) or "Chart"
