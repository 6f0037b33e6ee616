"""Where in a network any column of a study can be read from the stored neighbors."""
