"""What a file says of itself is kept as said, under its source; and what only looks so is passed over."""

import struct

import pytest
from sound_files import format_chunk, sine, wave_file

from samplemind_daemon.analysis.evidence import evidence
from samplemind_daemon.analysis.sound import open_sound
from samplemind_daemon.model import Media
from samplemind_sdk import RATE

SAID = {  # names, and all that they say
    "_128bpm_Am.wav": {"bpm": 128.0, "key": "A minor"},
    "Loop 93 BPM F#m.wav": {"bpm": 93.0, "key": "F# minor", "kind": "loop"},
    "Cmaj.wav": {"key": "C major"},
    "120_Gmin.aif": {"bpm": 120.0, "key": "G minor"},
    "kick_A#1.wav": {"root_note": "A#1"},
    "TR909_BD_140bpm.wav": {"bpm": 140.0},
    "ABC_Pack_Synth_Loop_128_Dmin.wav": {"bpm": 128.0, "key": "D minor", "kind": "loop"},
    "House_124_Amin_Lead.wav": {"bpm": 124.0, "key": "A minor"},
    "Gmin-90.flac": {"bpm": 90.0, "key": "G minor"},
    "Bass_100_F#.wav": {"root_note": "F#"},
    "Bass Loop 174bpm Eb.wav": {"bpm": 174.0, "root_note": "D#", "kind": "loop"},
    "drum_loop_01.wav": {"kind": "loop"},
    "Loop 07.wav": {"kind": "loop"},
    "DrumLoop.wav": {"kind": "loop"},
    "Snare One Shot 12.wav": {"kind": "one-shot"},
    "OneShot_Kick.wav": {"kind": "one-shot"},
    "bpm128.5 pad.wav": {"bpm": 128.5},
    "Pad 87,5 bpm.ogg": {"bpm": 87.5},
    "140BPM_Bbm_Pluck.wav": {"bpm": 140.0, "key": "A# minor"},
    "Piano_C4_soft.wav": {"root_note": "C4"},
    "Steinway Piano F3.wav": {"root_note": "F3"},
    "Guitar_Em_01.wav": {"key": "E minor"},
    "Pad_Am.wav": {"key": "A minor"},
    "Pad_Fm.wav": {"key": "F minor"},
    "Chord Stab (Cm).wav": {"key": "C minor"},
    "Synth Stab Cm.wav": {"key": "C minor"},
    "midnight - 128 - C#m.aiff": {"bpm": 128.0, "key": "C# minor"},
    "BPM 75 Trap Soul F# minor.wav": {"bpm": 75.0, "key": "F# minor"},
    "150 BPM C# minor.mp3": {"bpm": 150.0, "key": "C# minor"},
    "COLD (Bb maj) 92 BPM.wav": {"bpm": 92.0, "key": "A# major"},
    "Sunset @ 95 in A flat minor.mp3": {"key": "G# minor"},
    "Drive A Minor 125 bpm.mp3": {"bpm": 125.0, "key": "A minor"},
    "Waltz in A minor.mp3": {"key": "A minor"},
    "Prelude in A minor BWV 543.mp3": {"key": "A minor"},
    "Sonata No 14 in C-sharp minor, Op 27.mp3": {"key": "C# minor"},
    "Symphony 40 G minor.flac": {"key": "G minor"},
    "Op_64_E_minor.flac": {"key": "E minor"},
    "Nocturne B flat minor.mp3": {"key": "A# minor"},
    "8A - 124 - Somebody - Something.mp3": {"bpm": 124.0, "key": "A minor"},
    "126.5 - 10B - Somebody - Something.mp3": {"bpm": 126.5, "key": "D major"},
    "Lead_G♭maj_128bpm.wav": {"bpm": 128.0, "key": "F# major"},
    "02-130bpm_beat.wav": {"bpm": 130.0},
    "arp c minor 110 BPM": {"bpm": 110.0, "key": "C minor"},
    "folder_128bpm/pad_90bpm.wav": {"bpm": 90.0},
}
TRAPS = (  # names that say nothing, though they look as if
    "Track 07.wav", "2024-05-12.wav", "2024_05_12_take.wav", "808.wav", "808_909.wav", "A_Team.mp3", "Am I blue.mp3",
    "Am_I_Blue.mp3", "Here I Am.mp3", "Here_I_Am.mp3", "Who I Am - Live.mp3", "Let_Em_In.mp3", "Get Em.mp3",
    "A Minor Threat.mp3", "A_Minor_Incident.mp3", "In A Minor Key.mp3", "Blues in a minor mood.mp3",
    "A Major Problem.mp3", "Idi Amin.mp3", "Idi_Amin_Speech.wav", "Emin.mp3", "Admin.wav", "Radio FM.wav",
    "Synth_FM_Bass.wav", "Synth_Fm_Bass.wav", "GM_Kick.wav", "7 AM.mp3", "7am_drums.wav", "EBM Kick.wav",
    "ebm_loud_kick.wav", "Plan B.mp3", "Vitamin C.mp3", "Side B.mp3", "Take A1 Piano.wav", "A1.mp3", "F1 Race.wav",
    "C4 Explosion.wav", "MP3.mp3", "G4 Mac.wav", "Variant_A.wav", "Kick_B.wav",
    "Kick_128.wav", "01 120 Days.mp3", "99 Problems.mp3", "24K Magic.mp3", "Blink 182.mp3", "1000bpm.wav",
    "909bpm.wav", "20bpm.wav", "120-130bpm mix.wav", "bpm.wav", "bpm_01.wav", "128 bpms.wav", "In the Loop.mp3",
    "Loophole.mp3", "One Shot.mp3", "Cmaj7_stab.wav", "Am7.wav", "Dm7b5.wav", "C# Tutorial.mp3", "D'Angelo.mp3",
    "Em's song.mp3", "48kHz_24bit.wav", "Route 66.mp3", "5 cm.wav", "R&B.mp3", "DJ_C_Live.wav", "B-Boy.mp3",
    "E minus.mp3", "Major Tom.mp3", "G-Major7.wav", "Beatles.mp3", "Studio_54.mp3", "Part B minor swing.mp3",
    "Synth Stab Am.wav", "Bass Let Em.wav", "FX Radio Fm.wav", "clean_60min.wav", "Riser 8 bar.wav", "Dark Pad A.wav",
    "Loose Ends (F6).wav", "Trumpet Solo F.mp3", "7_22_2016_12_16_49_AM.wav", "Minor.mp3", "w_am.wav",
    "128.wav", "", ".wav", "Dm.exe.wav", "Mambo No 5.mp3", "U2 - One.mp3", "H2O.wav", "3am.mp3",
)  # fmt: skip


def said(name, media=None):
    return {one.name.removeprefix("file."): one for one in evidence(name, media)}


def media(container="wav", seconds=4.0, **tags):
    named = {name.replace("__", "."): value for name, value in tags.items()}
    return Media(container, "pcm_s16", 44_100, 2, 16, seconds, named)


@pytest.mark.parametrize("name", SAID)
def test_a_name_says_what_it_says_and_nothing_else(name):
    found = said(name)
    assert {about: one.value for about, one in found.items()} == SAID[name]
    assert all(one.made_by == "file name" and one.status == "ok" for one in found.values())
    assert all(one.confidence is None and one.candidates == () for one in found.values())


@pytest.mark.parametrize("name", TRAPS)
def test_a_name_that_only_looks_so_says_nothing(name):
    assert said(name) == {}


def test_a_name_may_say_two_tempi_and_both_are_kept():
    tempo = said("Loop_128bpm_64bpm.wav")["bpm"]
    assert (tempo.value, tempo.candidates) == (128.0, ((64.0, None),))
    assert tempo.status == "low_confidence" and tempo.reason == "the file name says 64"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Am", "A minor"), ("A", "A major"), ("Bb", "A# major"), ("F#m", "F# minor"), ("Gbmaj", "F# major"),
        ("a-flat minor", "G# minor"), ("E♭ minor", "D# minor"), ("CM", "C major"), ("c minor", "C minor"),
        ("8A", "A minor"), ("8B", "C major"), ("1m", "A minor"), ("1d", "C major"), ("12d", "F major"),
        ("5A / Cm", "C minor"), ("13A", None), ("0B", None), ("o", None), ("", None), ("All", None), ("H", None),
    ],
)  # fmt: skip
def test_a_key_tag_is_read_however_it_is_spelled(text, key):
    found = said("x.mp3", media("mp3", key=text))
    assert (found["key"].value if found else None) == key
    assert not found or found["key"].made_by == "ID3 tag"


@pytest.mark.parametrize(
    ("text", "bpm"),
    [("128", 128.0), ("127,5", 127.5), ("0", None), ("12800", None), ("fast", None), ("nan", None)],
)
def test_a_tempo_tag_is_read_if_it_is_a_tempo(text, bpm):
    found = said("x.flac", media("flac", bpm=text))
    assert (found["bpm"].value if found else None) == bpm
    assert not found or (found["bpm"].made_by, found["bpm"].unit) == ("Vorbis comment", "BPM")


def test_sources_that_agree_are_named_together_and_those_that_do_not_are_candidates():
    found = said("_120bpm_Am.mp3", media("mp3", bpm="120.05", key="C"))
    assert (found["bpm"].made_by, found["bpm"].candidates) == ("file name, ID3 tag", ())
    key = found["key"]
    assert (key.value, key.made_by, key.candidates) == ("A minor", "file name", (("C major", None),))
    assert key.status == "low_confidence" and key.reason == "the ID3 tag says C major"


def test_the_tempo_of_a_one_shot_in_its_acid_chunk_means_nothing():
    known = media(acid__kind="one-shot", acid__tempo="120", acid__beats="4", acid__root_note="57")
    assert {about: one.value for about, one in said("x.wav", known).items()} == {
        "kind": "one-shot",
        "root_note": "A3",
    }


def test_beats_that_do_not_fit_the_length_are_doubted():
    found = said("x.wav", media(seconds=2.0, acid__kind="loop", acid__tempo="120", acid__beats="8"))
    assert found["beats"].status == "low_confidence"
    assert found["bpm"].reason == "8 beats at 120 BPM take 4.00 s, and the sound has 2.00 s"
    better = said("x_90bpm.wav", media(seconds=2.0, acid__kind="loop", acid__tempo="120", acid__beats="8"))
    assert better["bpm"].value == 90.0


def test_a_root_note_that_programs_write_unasked_is_doubted_and_any_other_is_not():
    assert said("x.wav", media(smpl__root_note="60"))["root_note"].status == "low_confidence"
    note = said("x.wav", media(smpl__root_note="46"))["root_note"]
    assert (note.value, note.status, note.made_by) == ("A#2", "ok", "smpl chunk")


def test_notes_that_differ_by_octaves_agree_because_octaves_are_counted_in_several_ways():
    note = said("kick_A#1.wav", media(smpl__root_note="46"))["root_note"]
    assert (note.value, note.candidates, note.made_by) == ("A#1", (), "file name, smpl chunk")


def test_the_chunks_of_a_wav_file_become_evidence(tmp_path):
    acid = struct.pack("<IHHfIHHf", 2, 57, 0, 0, 4, 4, 4, 120)
    smpl = struct.pack("<9I", 0, 0, 22_675, 57, 2**31, 0, 0, 1, 0) + struct.pack(
        "<6I", 0, 0, 100, 88_199, 0, 0
    )
    chunks = b"".join(
        name + struct.pack("<I", len(one)) + one for name, one in ((b"acid", acid), (b"smpl", smpl))
    )
    data = (sine(2) * 32_767).astype("<i2").tobytes()
    (tmp_path / "a.wav").write_bytes(wave_file(data, head=format_chunk(channels=2), after=chunks))
    with open_sound(tmp_path / "a.wav") as sound:
        known = sound.media
    assert known.tags == {
        "acid.kind": "loop", "acid.tempo": "120", "acid.beats": "4", "acid.root_note": "57",
        "smpl.root_note": "57", "smpl.fine_tune": "50", "smpl.loop_start": "100", "smpl.loop_end": "88199",
    }  # fmt: skip
    found = said("a.wav", known)
    assert {about: one.value for about, one in found.items()} == {
        "kind": "loop", "bpm": 120.0, "beats": 4, "root_note": "A3",
    }  # fmt: skip
    assert found["bpm"].made_by == "ACID chunk" and found["root_note"].made_by == "ACID chunk, smpl chunk"


def test_an_apple_loop_says_its_beats_and_key_and_its_tempo_follows(tmp_path):
    data = (sine(2) * 32_767).astype(">i2").tobytes()
    common = struct.pack(">HIH", 2, 2 * RATE, 16) + struct.pack(">HQ", 16_383 + 15, RATE << 48)
    loop = struct.pack(">2I5H", 1, 4, 57, 1, 4, 4, 0) + bytes(66)
    parts = (
        (b"COMM", common),
        (b"basc", loop),
        (b"INST", bytes([57, 251]) + bytes(18)),
        (b"SSND", bytes(8) + data),
    )
    body = b"AIFF" + b"".join(name + struct.pack(">I", len(one)) + one for name, one in parts)
    (tmp_path / "a.aif").write_bytes(b"FORM" + struct.pack(">I", len(body)) + body)
    with open_sound(tmp_path / "a.aif") as sound:
        known = sound.media
    assert known.tags["inst.fine_tune"] == "-5"
    found = said("a.aif", known)
    assert {about: one.value for about, one in found.items()} == {
        "kind": "loop", "bpm": 120.0, "beats": 4, "key": "A minor", "root_note": "A",
    }  # fmt: skip
    assert found["key"].made_by == "Apple loop" and found["root_note"].made_by == "Apple loop, INST chunk"
