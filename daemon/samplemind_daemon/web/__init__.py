"""The door for browsers: gRPC-Web, the app's files, and the sounds to play. The only package that knows starlette."""

from .door import Door

__all__ = ["Door"]
