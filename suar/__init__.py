"""The command and the processes: puts the parts together."""
