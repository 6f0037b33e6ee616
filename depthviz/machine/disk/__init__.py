"""What the system offers and refuses when files are shared: locks, names, reasons."""
