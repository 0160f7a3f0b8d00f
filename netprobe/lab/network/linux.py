"""The few Linux calls that Python 3.11 does not offer: namespaces, mounts, process control."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
PR_SET_PDEATHSIG = 1
NAMESPACES = Path("/run/netns")
"""Where ``ip netns`` keeps its handles; private to the lab, see isolation."""

_LIBC = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Leave the namespaces of the given kinds for new ones."""
    _checked(_LIBC.unshare(flags), "unshare")


def join(descriptor: int) -> None:
    """Move the calling thread into a network namespace."""
    _checked(_LIBC.setns(descriptor, CLONE_NEWNET), "setns")


def mount(source: str, target: str, kind: str | None, flags: int = 0) -> None:
    """Attach a file system, see the manual page of that name."""
    _checked(
        _LIBC.mount(
            source.encode(), target.encode(), kind.encode() if kind else None, flags, None
        ),
        f"mount {target}",
    )


def end_with_parent() -> None:
    """Have the kernel send SIGKILL to this process when the one that forked it ends."""
    _checked(_LIBC.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0), "prctl")


@contextmanager
def inside(namespace: str) -> Iterator[None]:
    """Run the block with the calling thread in a network namespace.

    Namespaces belong to threads: a socket made here stays in the namespace, a process started
    here lives in it, and other threads do not notice. See network_namespaces(7).
    """
    back = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        there = os.open(NAMESPACES / namespace, os.O_RDONLY | os.O_CLOEXEC)
        try:
            join(there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            join(back)
    finally:
        os.close(back)
