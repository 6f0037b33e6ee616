"""What a study of many networks answers: accuracy by group, and the best probe."""
