"""Tests that drive a real browser: the notebook in JupyterLab and the offline page."""
