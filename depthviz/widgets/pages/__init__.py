"""Files that show a study without a kernel: one page, or a folder for a web server.

`page` writes the one, with as much of a study as `page_payload` fits below a number of
bytes; `site` writes the other, with all of it.
"""
