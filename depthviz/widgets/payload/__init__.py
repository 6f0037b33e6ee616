"""A study as the bytes and the manifest that the browser reads."""
