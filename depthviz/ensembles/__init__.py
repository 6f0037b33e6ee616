"""Many networks trained on many splits: two depths of every example."""
