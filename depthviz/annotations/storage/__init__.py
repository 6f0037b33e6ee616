"""Where events are kept: databases, their tables, and how events come into them."""
