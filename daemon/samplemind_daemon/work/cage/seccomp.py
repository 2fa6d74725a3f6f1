"""Seccomp: which system calls a process may make, by the kernel's word (seccomp(2), <linux/filter.h>)."""

import ctypes
import errno
import os
import platform
import struct
import sys

PR_SET_SECCOMP, MODE_FILTER = 22, 2
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # <linux/audit.h>
ALLOW, REFUSE, NO_SUCH_CALL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = (
    0x20,
    0x15,
    0x35,
    0x45,
    0x06,
)  # BPF instructions, <linux/bpf_common.h>
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where in struct seccomp_data
CLONE_THREAD, X32 = 0x10000, 0x40000000

# Numbers on x86_64 and aarch64; 0 where there is no such call. From 424 on they are alike.
REFUSED = {
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242), "fork": (57, 0), "vfork": (58, 0), "execve": (59, 221), "execveat": (322, 281),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "unshare": (272, 97), "setns": (308, 268), "bpf": (321, 280), "perf_event_open": (298, 241),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "userfaultfd": (323, 282),
    "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104),
    "open_by_handle_at": (304, 265), "chmod": (90, 0), "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, 0),
    "fchown": (93, 55), "lchown": (94, 0), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "utime": (132, 0), "utimes": (235, 0), "futimesat": (261, 0), "utimensat": (280, 88),
    "pidfd_send_signal": (424, 424), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "fchmodat2": (452, 452),
}  # fmt: skip
TO_ITSELF = {"kill": (62, 129), "tgkill": (234, 131)}  # allowed where the process is this one ...
OF_ITSELF = {"prlimit64": (302, 261)}  # ... and where it is said by 0
CLONE, CLONE3 = (
    (56, 220),
    (435, 435),
)  # threads are allowed; clone3 hides what it asks for, and libc does without


def missing() -> list[str]:
    """What seccomp could not keep from a process here."""
    if sys.platform != "linux" or platform.machine() not in ARCHITECTURES:
        why = f"no seccomp filter is written for {platform.machine()}"
    elif ctypes.CDLL(None, use_errno=True).prctl(PR_SET_SECCOMP, MODE_FILTER, None, 0, 0) and (
        ctypes.get_errno() != errno.EFAULT  # the filter that is nowhere was looked for
    ):
        why = "this kernel has no seccomp filters"
    else:
        return []
    return [f"network, other programs and other processes ({why})"]


def restrict() -> list[str]:
    """Refuse this process all of the above, for ever; what could not be done. It must have no_new_privs."""
    if lacking := missing():
        return lacking
    program = b"".join(_program(platform.machine(), os.getpid()))
    code = ctypes.create_string_buffer(program, len(program))
    filter = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code)))
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_SECCOMP, MODE_FILTER, filter, 0, 0):
        raise OSError(ctypes.get_errno(), "system calls cannot be refused")
    return []


def _program(machine: str, process: int) -> list[bytes]:
    """The filter, instruction by instruction."""
    column = list(ARCHITECTURES).index(machine)
    numbers = [call[column] for call in REFUSED.values() if call[column]]
    lines = [
        _line(LOAD, ARCHITECTURE), _line(EQUAL, ARCHITECTURES[machine], 1, 0), _line(RETURN, REFUSE),
        _line(LOAD, NUMBER), _line(AT_LEAST, X32, 0, 1), _line(RETURN, REFUSE),
        _line(EQUAL, CLONE3[column], 0, 1), _line(RETURN, NO_SUCH_CALL),
    ]  # fmt: skip
    for number in numbers:
        lines += [_line(EQUAL, number, 0, 1), _line(RETURN, REFUSE)]
    for number in (call[column] for call in TO_ITSELF.values()):
        lines += _if_first_argument(number, _line(EQUAL, process, 0, 1))
    for number in (call[column] for call in OF_ITSELF.values()):
        lines += _if_first_argument(number, _line(EQUAL, 0, 0, 1))
    lines += _if_first_argument(CLONE[column], _line(ANY_BIT, CLONE_THREAD, 0, 1))
    return [*lines, _line(RETURN, ALLOW)]


def _if_first_argument(number: int, condition: bytes) -> list[bytes]:
    """Allow this call where the condition on its first argument holds, and refuse it otherwise."""
    allow, refuse = _line(RETURN, ALLOW), _line(RETURN, REFUSE)
    return [_line(EQUAL, number, 0, 4), _line(LOAD, FIRST_ARGUMENT), condition, allow, refuse]


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)
