"""What a network of texts costs to measure."""
