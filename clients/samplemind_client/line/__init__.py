"""The way to a daemon: one connection that survives breaks, restarts and the end of tokens."""
