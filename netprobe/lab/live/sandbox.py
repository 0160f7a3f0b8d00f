"""The first steps of a function's process: into its namespace, then Lambda's runtime client.

Run in the task's folder as
``python -m netprobe.lab.live.sandbox NAMESPACE RESOLV_CONF IPV6 HANDLER``.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

from netprobe.lab.network.linux import (
    CLONE_NEWNS,
    MS_BIND,
    MS_PRIVATE,
    MS_REC,
    NAMESPACES,
    end_with_parent,
    join,
    mount,
    unshare,
)

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_EAFNOSUPPORT = 97
_AF_INET6 = 10
_SOCKET_CALL = {"x86_64": 41, "aarch64": 198}
"""Number of socket(2) by machine."""


def main() -> None:
    """Become the function."""
    namespace, resolv_conf, ipv6, handler = sys.argv[1:5]
    end_with_parent()
    join(os.open(NAMESPACES / namespace, os.O_RDONLY | os.O_CLOEXEC))
    unshare(CLONE_NEWNS)
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount(resolv_conf, os.path.realpath("/etc/resolv.conf"), None, MS_BIND)
    if ipv6 == "off":
        refuse_ipv6()
    os.execv(sys.executable, [sys.executable, "-m", "awslambdaric", handler])  # noqa: S606 # our own interpreter


def refuse_ipv6() -> None:
    """Let socket(AF_INET6) fail with EAFNOSUPPORT, as in a function without IPv6.

    https://github.com/aws/aws-lambda-python-runtime-interface-client/issues/49
    """
    number = _SOCKET_CALL.get(platform.machine())
    if number is None:
        return  # the interface has no IPv6 address, which fails a little later
    program = b"".join(
        struct.pack("HBBI", *step)
        for step in (
            (0x20, 0, 0, 0),  # load the call's number
            (0x15, 0, 3, number),  # not socket: allow
            (0x20, 0, 0, 16),  # load its first argument, the family
            (0x15, 0, 1, _AF_INET6),  # not AF_INET6: allow
            (0x06, 0, 0, _ERRNO | _EAFNOSUPPORT),
            (0x06, 0, 0, _ALLOW),
        )
    )
    code = ctypes.create_string_buffer(program, len(program))
    block = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(block, len(block)), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "seccomp")


if __name__ == "__main__":
    main()
