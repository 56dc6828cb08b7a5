"""Where examples come from. Each source turns its own data into the plain records that tasks read."""
