"""Where examples come from besides memory: disks, streams and tables."""
