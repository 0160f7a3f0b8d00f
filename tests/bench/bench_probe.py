"""The probe beside curl and blackbox_exporter: the same 128 addresses, half of them silent.

Everything happens in a network namespace of this script's own, over HTTPS on its loopback
device. Prints wall time as a multiple of the deadline, CPU as a multiple of curl's, peak memory,
and on how many addresses each is right. Needs root, curl and prometheus-blackbox-exporter.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from netprobe.lab.network.isolation import isolate, mount_private_run, tool
from netprobe.lab.network.linux import mount
from probe_lambda.wire import HttpRequest, ProbeRequest, Target, to_json
from tests.bench.figures import show
from tests.unit.probe_lambda.loopback import make_authority

EXPORTER = shutil.which(
    "prometheus-blackbox-exporter", path=f"{Path(sys.prefix, 'bench/usr/bin')}:{os.defpath}"
)
DEADLINE = 3.0
EACH = 32
"""Answering and silent addresses, of each family."""
RUNS = 7
PORT = 443
EXPORTER_PORT = 9115
ANSWERING = [f"192.0.2.{n}" for n in range(1, EACH + 1)] + [
    f"3fff:a::{n:x}" for n in range(1, EACH + 1)
]
SILENT = [f"198.51.100.{n}" for n in range(1, EACH + 1)] + [
    f"3fff:b::{n:x}" for n in range(1, EACH + 1)
]
ADDRESSES = ANSWERING + SILENT
RULES = f"""
table inet bench {{
  chain input {{
    type filter hook input priority 0; policy accept;
    ip daddr {{ {", ".join(a for a in SILENT if ":" not in a)} }} drop
    ip6 daddr {{ {", ".join(a for a in SILENT if ":" in a)} }} drop
  }}
}}
"""
EXPORTER_CONFIG = f"""
modules:
  get:
    prober: http
    timeout: {DEADLINE:.0f}s
    http:
      follow_redirects: false
      valid_status_codes: [200]
      tls_config: {{ ca_file: CA_FILE }}
"""


@dataclass(frozen=True)
class Run:
    """One run of one prober."""

    wall: float
    cpu: float
    peak_mib: float
    reached: frozenset[str]


def main() -> None:
    """Run the three in turn and print the table."""
    if not (shutil.which("curl") and EXPORTER):
        sys.exit("needs curl and prometheus-blackbox-exporter: run make bench")
    isolate()
    child = os.fork()  # the first process of the new process-id namespace
    if child:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    mount_private_run()
    mount("proc", "/proc", "proc")  # of the new process-id namespace
    _build()
    with tempfile.TemporaryDirectory() as folder:
        authority = make_authority(Path(folder))
        tls = authority.server(*ANSWERING)
        threading.Thread(target=lambda: asyncio.run(_serve(tls)), daemon=True).start()
        os.environ["SSL_CERT_FILE"] = str(authority.file)
        _compare(Path(folder), authority.file)
    sys.stdout.flush()
    os._exit(0)


def _build() -> None:
    commands = [
        "link set lo up",
        *(f"addr add {a}/{128 if ':' in a else 32} dev lo" for a in ADDRESSES),
    ]
    for line in commands:
        subprocess.run([tool("ip"), *line.split()], check=True)
    subprocess.run([tool("nft"), "-f", "-"], input=RULES, text=True, check=True)


async def _serve(tls: ssl.SSLContext) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, None, PORT, ssl=tls, backlog=1024)
    await server.serve_forever()


def _compare(folder: Path, authority: Path) -> None:
    config = folder / "exporter.yml"
    config.write_text(EXPORTER_CONFIG.replace("CA_FILE", str(authority)), encoding="ascii")
    exporter = subprocess.Popen(
        [EXPORTER, f"--config.file={config}",
         f"--web.listen-address=127.0.0.1:{EXPORTER_PORT}", "--log.level=error"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for_exporter()
        probers: dict[str, Callable[[], Run]] = {
            "probe": _run_probe,
            "curl": lambda: _run_curl(folder, authority),
            "blackbox_exporter": lambda: _run_exporter(exporter.pid),
        }
        for run in probers.values():
            run()  # not counted: warms caches
        found: dict[str, list[Run]] = {name: [] for name in probers}
        for _ in range(RUNS):
            for name, run in probers.items():
                found[name].append(run())
    finally:
        exporter.kill()
        exporter.wait()
    _print(found)


WANTED = {"wall": "<= 1.05x", "cpu": "<= 2.5x"}


def _print(found: dict[str, list[Run]]) -> None:
    curl = statistics.median(run.cpu for run in found["curl"])
    for name, runs in found.items():
        wall = statistics.median(run.wall for run in runs)
        cpu = statistics.median(run.cpu for run in runs)
        peak = statistics.median(run.peak_mib for run in runs)
        agree = min(len(ADDRESSES) - len(run.reached ^ frozenset(ANSWERING)) for run in runs)
        wanted = WANTED if name == "probe" else dict.fromkeys(WANTED, "")
        show(f"{name}, wall time", f"{wall / DEADLINE:.3f}x the deadline", wanted["wall"])
        show(f"{name}, CPU", f"{cpu / curl:.2f}x curl's, {cpu:.2f} s", wanted["cpu"])
        show(f"{name}, peak memory", f"{peak:.0f} MiB")
        show(f"{name}, right about", f"{agree} of {len(ADDRESSES)} addresses")


def _run_process(command: list[str], text: str) -> tuple[str, float, float, float]:
    """Return what a program printed, and its wall seconds, CPU seconds and peak MiB."""
    begun = time.monotonic()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(text)
        process.stdin.close()
        out = process.stdout.read()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    wall = time.monotonic() - begun
    return out, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _run_probe() -> Run:
    request = ProbeRequest(
        targets=tuple(
            Target(id=a, host=a, port=PORT, http=HttpRequest(path="/")) for a in ADDRESSES
        ),
        timeout_seconds=DEADLINE,
    )
    command = [sys.executable, "-m", "probe_lambda"]
    out, wall, cpu, peak = _run_process(command, to_json(request))
    reached = {
        item["target"] for item in json.loads(out)["results"] if item["outcome"] == "reachable"
    }
    return Run(wall, cpu, peak, frozenset(reached))


def _run_curl(folder: Path, authority: Path) -> Run:
    lines = []
    for address in ADDRESSES:
        host = f"[{address}]" if ":" in address else address
        lines.append(f'url = "https://{host}/"\noutput = "/dev/null"')
    config = folder / "curl.cfg"
    config.write_text("\n".join(lines), encoding="ascii")
    written = "%{url_effective} %{http_code}\\n"
    command = ["curl", "--silent", "--parallel", "--parallel-max", str(len(ADDRESSES)),
               "--max-time", str(DEADLINE), "--globoff", "--write-out", written,
               "--cacert", str(authority), "--config", str(config)]  # fmt: skip
    out, wall, cpu, peak = _run_process(command, "")
    rows = (line.split() for line in out.splitlines())
    reached = {row[0][8:-1].strip("[]") for row in rows if row[1] == "200"}
    return Run(wall, cpu, peak, frozenset(reached))


def _run_exporter(pid: int) -> Run:
    before = _cpu_of(pid)
    begun = time.monotonic()
    with ThreadPoolExecutor(max_workers=len(ADDRESSES)) as pool:
        answers = list(pool.map(_ask_exporter, ADDRESSES))
    wall = time.monotonic() - begun
    reached = {a for a, good in zip(ADDRESSES, answers, strict=True) if good}
    return Run(wall, _cpu_of(pid) - before, _peak_of(pid), frozenset(reached))


def _ask_exporter(address: str) -> bool:
    host = f"[{address}]" if ":" in address else address
    url = f"http://127.0.0.1:{EXPORTER_PORT}/probe?module=get&target=https://{host}/"
    with urllib.request.urlopen(url, timeout=3 * DEADLINE) as answer:
        return b"\nprobe_success 1" in answer.read()


def _wait_for_exporter() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{EXPORTER_PORT}/", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("bench_probe: the exporter did not start")


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_of(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
