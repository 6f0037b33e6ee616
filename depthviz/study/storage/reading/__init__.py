"""Reading a study's folder that a stranger may have made, or a disk has damaged."""
