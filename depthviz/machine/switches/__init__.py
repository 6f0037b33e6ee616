"""Switches of torch that belong to the whole process, set for a while."""
