"""What every measure is, which end of it is harder, and what it needs."""
