"""The examples of a measurement: their splits, their names, those left out."""
