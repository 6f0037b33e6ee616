"""How charts look: colors, sizes and names, the same in every one of them."""
