"""What sounds are searched and sorted by: results, corrections and names say the same at length."""

from peewee import AutoField, BigIntegerField, CharField, CompositeKey, FloatField, IntegerField, TextField

from samplemind_daemon.store.tables.table import MomentField, Table


class Catalogue(Table):
    sound = AutoField()  # short, for the many labels
    audio = CharField(36, unique=True)
    user = CharField(36)
    name = TextField()  # folded, to sort by
    created_at = MomentField()
    kind = CharField(16, default="")
    bpm = FloatField(null=True)
    key = IntegerField(null=True)  # its place on the Camelot wheel: 0 is 1A, 1 is 1B, … 23 is 12B
    root = IntegerField(null=True)  # 0 (C) to 11 (B)
    loudness = FloatField(null=True)  # LUFS
    duration = FloatField(null=True)  # seconds
    energy = FloatField(null=True)
    folder = CharField(36, null=True)
    state = CharField(16)
    size = BigIntegerField()

    class Meta:
        indexes = (
            (("user", "name", "sound"), False),
            (("user", "bpm", "sound"), False),
        )


Catalogue.add_index(
    Catalogue.user,
    Catalogue.created_at,
    Catalogue.sound,
    Catalogue.kind,
    Catalogue.bpm,
    Catalogue.key,
    Catalogue.root,
    Catalogue.loudness,
    Catalogue.duration,
    Catalogue.energy,
    Catalogue.folder,
    Catalogue.state,
    Catalogue.size,
    Catalogue.audio,
    name="catalogue_whole",
)  # fmt: skip; all that a clause may ask for, and the answer, so that no other page is read


class Words(Table):
    id = AutoField()
    user = CharField(36)
    aspect = CharField(16)  # "text", "tag", "genre", "mood" or "instrument"
    word = TextField()  # folded

    class Meta:
        indexes = ((("user", "aspect", "word"), True),)


class Labels(Table):
    word = IntegerField()
    sound = IntegerField()

    class Meta:
        primary_key = CompositeKey("word", "sound")
        indexes = ((("sound", "word"), False),)
