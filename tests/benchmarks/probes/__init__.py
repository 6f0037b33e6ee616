"""Whether the automatic choice of probes finds the blocks of public networks."""
