"""Writes `reference_coefficients.json`: agreement as irrCAC and krippendorff give it.

Both stand apart from the tests' environment, since irrCAC needs an old scipy, and gives
a wrong AC1 beside pandas 3. In an environment of their own:

    pip install irrCAC==0.4.4 krippendorff==0.9.0 "numpy<2" "pandas<3"
    python tests/annotations/make_reference_coefficients.py

Each table is a list of columns, one an annotator; null is no rating.
"""

import json
import math
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

TARGET = Path(__file__).with_name("reference_coefficients.json")
LIBRARIES = ("irrCAC", "krippendorff", "numpy", "pandas", "scipy")
Column = list[Any]


def tables() -> dict[str, dict[str, Any]]:
    """Tables, with the values that might have been given."""
    draw = np.random.default_rng(0)
    codes = draw.integers(0, 4, (60, 5))
    codes[:, 1] = np.where(draw.random(60) < 0.7, codes[:, 0], codes[:, 1])
    many = codes.astype(object)
    many[draw.random(many.shape) < 0.3] = None
    words = np.array(["wrong label", "correct", "ambiguous", None], object)
    said = words[draw.choice(4, (3, 50), p=[0.2, 0.5, 0.1, 0.2])].tolist()
    found: dict[str, tuple[list[Any], list[Column]]] = {
        "missing": ([0, 1], [[1, 0, None, 0] * 10, [1, 0, 1, 1] * 10]),
        "all equal": ([0, 1], [[1] * 30, [1] * 30]),
        "99 equal and 1": (["a", "b"], [["a"] * 100, ["a"] * 99 + ["b"]]),
        "one rare value of both": (["a", "b"], [["a"] * 39 + ["b"]] * 2),
        "118 of 125": (
            ["-", "+"],
            [["-"] * 118 + ["+"] * 5 + ["-"] * 2, ["-"] * 123 + ["+"] * 2],
        ),
        "a third value never used": (
            ["x", "y", "z"],
            [["x", "y", "x", "y"] * 5, ["x", "y", "y", "y"] * 5],
        ),
        "krippendorff's example": (
            [1, 2, 3, 4, 5],
            [
                [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
                [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
                [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
                [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
            ],
        ),
        "five annotators, a third missing": ([0, 1, 2, 3], many.T.tolist()),
        "text of three annotators": (["ambiguous", "correct", "wrong label"], said),
    }
    return {
        name: {"values": values, "columns": columns}
        for name, (values, columns) in found.items()
    }


def coefficients(values: list[Any], columns: list[Column]) -> dict[str, float | None]:
    """What the libraries say; null where they say that it is not defined."""
    from irrCAC.raw import CAC
    from krippendorff import alpha

    ratings = pd.DataFrame(dict(enumerate(columns)), dtype=object)
    if not isinstance(values[0], str):
        ratings = ratings.astype(float)
    measured = CAC(ratings, categories=values, digits=10)
    found = {
        "percent": measured.gwet()["est"]["pa"],
        "gwet_ac1": measured.gwet()["est"]["coefficient_value"],
        "fleiss_kappa": measured.fleiss()["est"]["coefficient_value"],
        "krippendorff_alpha": measured.krippendorff()["est"]["coefficient_value"],
    }
    if len(columns) == 2 and not ratings.isna().any(axis=None):
        found["cohen_kappa"] = measured.conger()["est"]["coefficient_value"]
    number = {value: place for place, value in enumerate(values)}
    codes = [[number.get(cell, math.nan) for cell in column] for column in columns]
    try:
        found["alpha of krippendorff"] = alpha(codes, level_of_measurement="nominal")
    except ValueError:  # all gave one value
        found["alpha of krippendorff"] = None
    return {
        name: float(value) if value is not None and math.isfinite(value) else None
        for name, value in found.items()
    }


def main() -> None:
    """Write the file."""
    warnings.simplefilter("ignore")
    found = tables()
    for table in found.values():
        table["expected"] = coefficients(table["values"], table["columns"])
    written = {"made by": {name: version(name) for name in LIBRARIES}, "tables": found}
    TARGET.write_text(json.dumps(written, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
