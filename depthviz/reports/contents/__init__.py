"""What a report says of a study, computed from it; knows no file formats."""
