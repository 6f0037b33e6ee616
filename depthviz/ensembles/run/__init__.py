"""The run of an ensemble: its folder, how it resumes, and the workers it uses."""
