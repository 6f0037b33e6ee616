"""Runs the Python that a view writes."""

import ast
from typing import Any

import depthviz as dv


def run(code: str, study: dv.Study) -> Any:
    """Execute lines, and return the value of the last expression, as a notebook."""
    *lines, last = ast.parse(code).body
    assert isinstance(last, ast.Expr)
    names = {"study": study}
    exec(compile(ast.Module(lines, []), "code", "exec"), names)
    return eval(compile(ast.Expression(last.value), "code", "eval"), names)
