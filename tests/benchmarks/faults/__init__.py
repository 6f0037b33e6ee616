"""What goes wrong on purpose, many times, and what is left of it."""
