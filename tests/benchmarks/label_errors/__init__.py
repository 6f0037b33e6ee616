"""How well scores find wrong labels, on labels whose truth is known."""
