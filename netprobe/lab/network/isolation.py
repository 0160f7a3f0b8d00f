"""Namespaces of the lab's own, so that nothing it makes can be left behind.

The lab lives in a network, mount and process-id namespace that no other process shares. Its
first process is the parent of all others there: when it ends, however it ends, the kernel ends
the others and drops interfaces, mounts and files with them. See pid_namespaces(7).
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from pathlib import Path

from netprobe.errors import NetprobeError
from netprobe.lab.network.linux import (
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    MS_PRIVATE,
    MS_REC,
    NAMESPACES,
    mount,
    unshare,
)

TOOL_PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
"""Where ``ip`` and ``nft`` live; an ordinary user's PATH often lacks the sbin folders."""

_OWN = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID


def tool(name: str) -> str:
    """Return the path of ``ip`` or ``nft``.

    Raises:
        NetprobeError: the program is not installed.
    """
    found = shutil.which(name, path=f"{os.defpath}:{TOOL_PATH}")
    if found is None:
        raise NetprobeError(
            "lab-needs-tools",
            f"the lab needs the program {name}",
            why="it is not on this machine",
            hint="install iproute2 and nftables",
        )
    return found


def isolate() -> str:
    """Leave this machine's namespaces and return the tier: ``root`` or ``user-namespace``.

    Must run before any thread is started. The next child becomes the first process of the new
    process-id namespace.

    Raises:
        NetprobeError: the kernel or its settings allow neither.
    """
    if not sys.platform.startswith("linux"):
        raise _no_namespaces(f"this is {sys.platform}, not Linux")
    if os.geteuid() == 0:
        try:
            unshare(_OWN)
        except OSError as error:
            if error.errno != errno.EPERM:
                raise _no_namespaces(str(error)) from error
        else:
            return "root"
    user, group = os.geteuid(), os.getegid()
    try:
        unshare(CLONE_NEWUSER | _OWN)
        # user_namespaces(7): a process without CAP_SETGID must give up setgroups first.
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1", encoding="ascii")
    except OSError as error:
        raise _no_namespaces(str(error)) from error
    return "user-namespace"


def mount_private_run() -> None:
    """Give the lab a ``/run`` of its own, which ends with it.

    Raises:
        NetprobeError: the kernel refuses the mount.
    """
    resolver = Path(os.path.realpath("/etc/resolv.conf"))  # often a link into /run
    try:
        mount("none", "/", None, MS_REC | MS_PRIVATE)
        mount("tmpfs", "/run", "tmpfs")
    except OSError as error:
        raise _no_namespaces(str(error)) from error
    NAMESPACES.mkdir()
    if resolver.is_relative_to("/run"):
        resolver.parent.mkdir(parents=True)
        resolver.touch()


def available_tier() -> str:
    """Return what the lab could run as here: ``root``, ``user-namespace`` or ``none``."""
    try:
        tool("ip")
        tool("nft")
    except NetprobeError:
        return "none"
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:  # the try-out is this child's alone
        tier = b"none"
        try:
            tier = isolate().encode()
        finally:
            os.write(write_end, tier)
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, encoding="ascii") as answer:
        tier_found = answer.read()
    os.waitpid(child, 0)
    return tier_found


def _no_namespaces(why: str) -> NetprobeError:
    return NetprobeError(
        "lab-needs-namespaces",
        "the lab needs Linux network namespaces",
        why=why,
        hint="run as root, or allow unprivileged user namespaces",
    )
