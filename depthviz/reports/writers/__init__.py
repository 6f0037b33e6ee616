"""How a document becomes a file: HTML, Markdown or PDF."""
