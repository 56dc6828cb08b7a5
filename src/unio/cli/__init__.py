"""The command line: one file a command; this room alone wires the others together."""
