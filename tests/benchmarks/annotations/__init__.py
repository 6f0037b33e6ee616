"""Writers of annotations at once, and writers that are killed."""
