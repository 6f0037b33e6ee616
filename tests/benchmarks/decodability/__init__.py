"""Where a planted patch, and the class, can be read in a network."""
