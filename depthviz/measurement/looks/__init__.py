"""What is looked at before the work begins: a few examples, read twice and run."""
