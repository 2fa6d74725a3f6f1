"""What an assistant may do with the caller's sounds, over the Model Context Protocol."""
