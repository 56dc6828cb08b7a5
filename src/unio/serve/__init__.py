"""The room above `train` and `evals` where a server will live; nothing is in it yet."""
