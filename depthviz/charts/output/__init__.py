"""Charts as files: pictures, drawings and pages, made without a network."""
