"""A training record read: its measures, and the parts that it is read in."""
