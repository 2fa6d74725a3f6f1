"""LibraryService: finding and organising the caller's sounds."""

from samplemind.v1 import library_pb2_grpc


class LibraryService(library_pb2_grpc.LibraryServiceServicer):
    """Finds, corrects, exports and writes the caller's sounds, and no one else's."""
