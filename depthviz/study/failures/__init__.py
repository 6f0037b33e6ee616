"""Which score of an example tells that the network is wrong about it."""
