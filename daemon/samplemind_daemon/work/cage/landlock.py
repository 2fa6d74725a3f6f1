"""Landlock: which files a process may read and write, by the kernel's word (landlock(7), <linux/landlock.h>)."""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable

CREATE, ADD_RULE, RESTRICT = 444, 445, 446  # system calls, alike on all architectures
VERSION, PATH_BENEATH = 1, 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
WRITE_FILE, TRUNCATE = 1 << 1, 1 << 14
READING = READ_FILE | READ_DIR
WRITING = WRITE_FILE | (0x1FF << 4)  # and every kind of making and removing
LATER = (
    (2, 1 << 13),
    (3, TRUNCATE),
    (5, 1 << 15),
)  # since which version: linking elsewhere, truncating, ioctl
SINKS = ("/dev/null", "/dev/zero", "/dev/full")  # what is written there is nowhere


def missing() -> list[str]:
    """What Landlock could not keep from a process here."""
    if _version() > 0:
        return []
    return ["reading the daemon's files and writing any (this kernel has no Landlock)"]


def restrict(readable: Iterable[str], scratch: str = "") -> list[str]:
    """Let this process read only what lies in these places, and write only below `scratch`; what could not be done."""
    version = _version()
    if version <= 0:
        return missing()
    writing = WRITING | sum(right for since, right in LATER if version >= since)
    rules = _call(CREATE, struct.pack("<QQ", READING | writing, 0)[: 8 if version < 4 else 16], 0)
    try:
        for path in readable:
            _allow(rules, path, READING)
        for path in SINKS:
            _allow(rules, path, READ_FILE | WRITE_FILE)
        if scratch:
            _allow(rules, scratch, READING | writing)
        if _libc().syscall(RESTRICT, rules, 0):
            raise OSError(ctypes.get_errno(), "the process cannot be restricted")
    finally:
        os.close(rules)
    return []


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return  # gone meanwhile
    try:
        if not os.path.isdir(f"/proc/self/fd/{place}"):
            rights &= READ_FILE | WRITE_FILE | TRUNCATE
        rule = ctypes.create_string_buffer(struct.pack("<Qi", rights, place))
        _libc().syscall(ADD_RULE, rules, PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def _version() -> int:
    """Which version of Landlock the kernel has; 0 for none."""
    if sys.platform != "linux":
        return 0
    return max(int(_libc().syscall(CREATE, None, 0, VERSION)), 0)


def _call(number: int, attributes: bytes, flags: int) -> int:
    made = _libc().syscall(
        number, ctypes.create_string_buffer(attributes, len(attributes)), len(attributes), flags
    )
    if made < 0:
        raise OSError(ctypes.get_errno(), "no Landlock rules can be made")
    return int(made)


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc
