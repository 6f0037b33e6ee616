"""How a network is given its inputs, and what is asked of token ids before."""
