"""How annotations come and go: files, other tools, backups."""
