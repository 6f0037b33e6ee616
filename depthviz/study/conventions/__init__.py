"""The conventions that a depth hangs on, and how much each one matters."""
