"""Measures of a study: which it has, which it can have, and adding them."""
