"""Accuracy against the share kept: many trainings, and what they say together."""
