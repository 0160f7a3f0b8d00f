"""Work done in namespaces of its own, so that nothing of it can be left behind."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TextIO

from netprobe.lab.network.isolation import isolate, mount_private_run
from netprobe.lab.network.linux import end_with_parent

Say = Callable[[dict[str, Any]], None]
"""Hands one finding to whoever started the work."""


def work_apart(works: list[Callable[[Say], None]]) -> Iterator[dict[str, Any]]:
    """Do all works at once, each apart, and yield what they say."""
    readers = [_start(work) for work in works]
    with ThreadPoolExecutor(max_workers=len(readers)) as pool:
        for lines in pool.map(list, readers):
            yield from map(json.loads, lines)
    for reader in readers:
        reader.close()
        os.wait()


def _start(work: Callable[[Say], None]) -> TextIO:
    """Start a process for a work, and return what it writes: one JSON document a line."""
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        with _no_way_back():
            os.close(read_end)
            end_with_parent()
            isolate()
            if os.fork() == 0:  # the first process of the new process-id namespace
                with _no_way_back():
                    end_with_parent()
                    mount_private_run()
                    _do(work, write_end)
            os.close(write_end)
            os.wait()
    os.close(write_end)
    return os.fdopen(read_end, encoding="utf-8")


def _do(work: Callable[[Say], None], write_end: int) -> None:
    with os.fdopen(write_end, "w", encoding="utf-8") as out:

        def say(found: dict[str, Any]) -> None:
            out.write(json.dumps(found) + "\n")
            out.flush()

        work(say)


@contextmanager
def _no_way_back() -> Iterator[None]:
    """End this process with the block: a forked child must not go on as its parent."""
    try:
        yield
    except BaseException:  # noqa: BLE001 # said, and the process ends here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
