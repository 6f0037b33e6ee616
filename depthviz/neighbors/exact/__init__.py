"""The exact search: bounds on rounded products, short lists, and direct distances."""
