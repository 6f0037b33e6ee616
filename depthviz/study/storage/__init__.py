"""A study on the disk: Zarr folders, members written by region, saved views."""
