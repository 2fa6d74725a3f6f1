"""Live sound: heard by the same analyzers as files, and told of while it goes on."""
