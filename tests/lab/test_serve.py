"""The lab as a process: how it starts, what it refuses, and that it leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from netprobe.lab import story
from tests.conftest import SCRUBBED, RunningLab, missing_for_a_lab, ordinary_user, running_lab

pytestmark = pytest.mark.lab


EVENT = json.dumps({"connection_id": "x", "price": 1})


def descendants(pid: int) -> set[int]:
    """Return every process below one, from /proc."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        parents[int(path.parent.name)] = int(fields[1])
    found, growing = {pid}, True
    while growing:
        below = {child for child, parent in parents.items() if parent in found} - found
        growing = bool(below)
        found |= below
    return found


def machine_state() -> tuple[set[str], set[str], set[str]]:
    """Return this machine's interfaces, named network namespaces and mounts."""
    namespaces = Path("/run/netns")
    return (
        {path.name for path in Path("/sys/class/net").iterdir()},
        {path.name for path in namespaces.iterdir()} if namespaces.exists() else set(),
        set(Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()),
    )


def invoke_once(lab: RunningLab) -> None:
    """Have the lab build a network and run a function in it."""
    story.build(lab.client)
    client = lab.client("lambda")
    client.update_function_configuration(FunctionName=story.FUNCTION_NAME, Timeout=2)
    answer = client.invoke(FunctionName=story.FUNCTION_NAME, Payload=EVENT)
    assert b"Task timed out after 2.00 seconds" in answer["Payload"].read()


def start_an_invocation(lab: RunningLab) -> set[int]:
    """Return the lab's processes once a function, which waits for an answer, is among them."""
    story.build(lab.client)
    client = lab.client("lambda")

    def invoke() -> None:
        with contextlib.suppress(BotoCoreError, ClientError):  # the lab ends first
            client.invoke(FunctionName=story.FUNCTION_NAME, Payload=EVENT)

    threading.Thread(target=invoke, daemon=True).start()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        processes = descendants(lab.process.pid)
        if any(b"awslambdaric" in command_of(pid) for pid in processes):
            return processes
        time.sleep(0.02)
    raise AssertionError("no function was started")


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""  # ended meanwhile


def has_ended(pid: int) -> bool:
    """Tell whether a process is gone, or only waits for its parent to notice."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_however_it_ends(lab: RunningLab, number: signal.Signals) -> None:
    """No process, interface, namespace or mount outlives the lab, also while it works."""
    before = machine_state()
    processes = start_an_invocation(lab)
    lab.process.send_signal(number)
    lab.process.wait(10)
    deadline = time.monotonic() + 5
    while not all(map(has_ended, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert len(processes) >= 3
    assert [pid for pid in processes if not has_ended(pid)] == []
    assert machine_state() == before


def test_ready_line_says_where_and_how(lab: RunningLab) -> None:
    """One JSON line: endpoint, region, tier."""
    assert lab.endpoint_url.startswith("http://127.0.0.1:")
    assert lab.tier in {"root", "user-namespace"}


def test_two_labs_do_not_meet(lab: RunningLab) -> None:
    """Each has an account, a network and a DNS of its own."""
    story.build(lab.client)
    with running_lab() as other:
        assert other.client("lambda").list_functions()["Functions"] == []
        assert len(lab.client("lambda").list_functions()["Functions"]) == 1


def test_port_is_the_one_asked_for() -> None:
    """``--port``."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with running_lab("--port", str(port)) as lab:
        assert lab.endpoint_url == f"http://127.0.0.1:{port}"


def serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a lab that is expected to refuse."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(SCRUBBED)}
    return subprocess.run(
        [sys.executable, "-m", "netprobe", "lab", "serve", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_port_in_use_is_one_line() -> None:
    """It names the port and the way out."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = serve("--port", str(port))

    assert (done.returncode, done.stdout) == (1, "")
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_region_that_is_none_is_one_line() -> None:
    """Before anything is set up."""
    done = serve("--region", "mars")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error[no-such-region]: no region 'mars'; such as eu-west-1\n"


def test_ready_line_can_go_to_a_file(tmp_path: Path) -> None:
    """With the region that was asked for, whose clients find the story there."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)
    place = tmp_path / "ready.json"
    arguments = ("--region", "eu-west-1", "--story", "--output", str(place), "--format", "json")
    process = subprocess.Popen(
        [sys.executable, "-m", "netprobe", "lab", "serve", *arguments],
        env={k: v for k, v in os.environ.items() if not k.startswith(SCRUBBED)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        assert process.stderr.readline() == f"wrote {place}\n"
        ready = json.loads(place.read_text("utf-8"))
        lab = RunningLab(ready["endpoint_url"], ready["tier"], process)
        (vpc,) = lab.client("ec2", region="eu-west-1").describe_vpcs(VpcIds=[ready["vpc_id"]])[
            "Vpcs"
        ]
        assert (ready["region"], vpc["VpcId"]) == ("eu-west-1", ready["vpc_id"])
    finally:
        process.terminate()
        out, _ = process.communicate(timeout=10)
    assert out == ""


WORLDS = [
    ("not = [toml", "it is not TOML"),
    ("[[host]]\nipv4 = []", "a [[host]] without a name"),
    ('[[host]]\nname = "a"\nipv4 = ["::1"]', "other family"),
    ('[[host]]\nname = "a"\nlisten = ["sctp/53"]', "tcp/443"),
    ('[[host]]\nname = "a"\nlisten = ["protocol/256"]', "listens on 'protocol/256'"),
    ('[[host]]\nname = "a"\nbehaviour = "dance"', "'dance'"),
    ('[[hots]]\nname = "a"', "unknown tables: hots"),
    ('[[host]]\nname = "a"\ncolour = "red"', "host 1 (a) has unknown keys: colour"),
    ('[[host]]\nname = "a"\nipv4 = "192.0.2.1"', "write ipv4 = [...]"),
    ('[host]\nname = "a"', "write [[host]]"),
    ('[[resolver]]\naddress = "10.0.0.x"\nforwards_to = "vpc"', "resolver 1 has a bad address"),
    ('[[resolver]]\naddress = "10.0.0.5"\nforwards_to = "home"', "known are none, public, vpc"),
    ('[[resolver]]\naddress = "10.0.0.5"', "forwards_to None"),
    ('[[resolver]]\nadress = "10.0.0.5"\nforwards_to = "vpc"', "unknown keys: adress"),
    (
        2 * '[[resolver]]\naddress = "10.0.0.5"\nforwards_to = "vpc"\n',
        "resolver 2 has the address 10.0.0.5 of another",
    ),
]


@pytest.mark.parametrize(("text", "words"), WORLDS)
def test_world_that_cannot_be_used_is_one_line(text: str, words: str, tmp_path: Path) -> None:
    """It names what is wrong in the file."""
    path = tmp_path / "world.toml"
    path.write_text(text, encoding="utf-8")
    done = serve("--world", str(path))

    assert (done.returncode, done.stdout) == (1, "")
    assert "lab-bad-world" in done.stderr
    assert str(path) in done.stderr
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_ordinary_user_gets_a_user_namespace() -> None:
    """No privilege is needed where the kernel allows user namespaces; else a skip says why."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)
    user = ordinary_user()
    if isinstance(user, str):
        pytest.skip(user)
    with running_lab(user=user) as lab:
        assert lab.tier == "user-namespace"
        invoke_once(lab)
