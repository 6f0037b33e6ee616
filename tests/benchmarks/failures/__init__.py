"""Which score tells a mistake: depth, neighbors or softmax."""
