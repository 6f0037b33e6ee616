"""Files that show a study without a kernel: one page, or a folder for a web server."""
