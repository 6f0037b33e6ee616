"""Charts of what can be read where, and of what tells a mistake."""
