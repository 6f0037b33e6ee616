"""What a network's outputs say of an example, without its neighbors."""
