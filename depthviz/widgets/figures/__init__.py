"""Figures of what a view shows: its map as a file, and charts that follow it."""
