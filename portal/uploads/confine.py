"""Takes everything from this process that decoding does not need, for good: files, network, threads, other programs.

Called by the child when all it needs is loaded and read. What cannot be taken away stops it (fail closed).
"""

from __future__ import annotations

import ctypes
import errno
import platform
import resource
import struct
import sys

MEMORY_BYTES = 1 << 30
PROCESSOR_SECONDS = 20
MOST_MADE_BYTES = 16 << 20
"""Also what the kernel lets the child write at all."""

_OPEN_FILES = 3
"""Standard input, output and error are open: no socket, file or pipe can be opened besides."""

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER, _NOT_DUMPABLE = 38, 22, 2, 4
_LOAD, _IS, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NUMBER_AT, _MACHINE_AT = 0, 4

# read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn mremap madvise
# nanosleep getpid exit sched_yield futex sched_getaffinity clock_gettime clock_nanosleep exit_group gettid getrandom
# sigaltstack sysinfo getrusage newfstatat
_CALLS = {
    "x86_64": (0xC000003E, (0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 25, 28, 35, 39, 60, 24, 202, 204, 228, 230, 231,
                            186, 318, 131, 99, 98, 262)),
    "aarch64": (0xC00000B7, (63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 216, 233, 101, 172, 93, 124, 98,
                             123, 113, 115, 94, 178, 278, 132, 179, 165, 79)),
}  # fmt: skip
"""By machine: its number, and the only system calls left (linux/audit.h and the kernel's tables of calls)."""


def confine() -> None:
    """Limits first, then the filter of system calls. Raises `OSError` when one cannot be set."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_MADE_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(limit, (value, value))
    if sys.platform == "linux" and platform.machine() in _CALLS:
        _only(*_CALLS[platform.machine()])


def _only(machine: int, calls: tuple[int, ...]) -> None:
    """Every other system call fails with EPERM (seccomp(2), filter mode); this cannot be undone."""
    steps = [(_LOAD, 0, 0, _MACHINE_AT), (_IS, 1, 0, machine), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, _NUMBER_AT)]
    left = len(calls)
    for place, number in enumerate(calls):
        steps.append((_IS, left - place, 0, number))
    steps += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(program)))
    library = ctypes.CDLL(None, use_errno=True)
    nothing = (ctypes.c_ulong(0),) * 3
    for name, value, third in (
        (_NOT_DUMPABLE, ctypes.c_ulong(0), ctypes.c_ulong(0)),
        (_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), ctypes.c_ulong(0)),
        (_SET_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.c_void_p(ctypes.addressof(head))),
    ):
        if library.prctl(name, value, third, *nothing[1:]):
            raise OSError(ctypes.get_errno(), "prctl")
