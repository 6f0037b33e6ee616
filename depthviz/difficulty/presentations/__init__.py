"""What the presentations of an example say of it while a network trains."""
