"""What sounds are compared by, compact: what results say at length."""

from peewee import AutoField, BlobField, CharField, FloatField

from samplemind_daemon.store.tables.table import Table


class Vectors(Table):
    serial = (
        AutoField()
    )  # a new one with each change and none twice (AUTOINCREMENT), so that what is new can be read
    sha256 = CharField(64, unique=True)
    fingerprint = CharField(32, default="")  # of the result that the vector is of: only equals are compared
    edges = CharField(64, default="")  # where the vector's aspects begin, and where it ends: "0 40 92 128"
    numbers = BlobField(null=True)  # the vector, float32, little-endian
    bands = BlobField(
        null=True
    )  # the mean power of each band of the spectrum, a byte each, as in spectrum.mel
    keys = BlobField(null=True)  # how likely each key is, a byte each; empty where none is needed
    tuning = FloatField(null=True)  # cents
    bpm = FloatField(null=True)  # 0 where none is needed
    loudness = FloatField(null=True)  # LUFS
    kind = CharField(16, default="")
