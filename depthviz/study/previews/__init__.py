"""What a person sees of an example that is no picture: its text."""
