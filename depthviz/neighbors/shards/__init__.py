"""One search shared among the workers of an executor, to the same bits."""
