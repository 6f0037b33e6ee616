"""What the machine offers: devices, memory, scratch files, precision, folders.

Ground rooms: each is imported by its own name.
"""
