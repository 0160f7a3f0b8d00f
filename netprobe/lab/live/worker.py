"""One invocation: the zip unpacked, run under AWS's own runtime client inside its namespace."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from netprobe.lab.control.functions import FunctionAnswer, FunctionCall
from netprobe.lab.live.runtime_api import RuntimeApi

_SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Where an invocation runs."""

    namespace: str
    resolvers: tuple[str, ...]
    """The DNS servers it is told of, in their order."""
    authority: Path
    """The certificate file of the lab's CA."""
    has_ipv6: bool


def run(call: FunctionCall, room: Room) -> FunctionAnswer:
    """Run a function once and return what it answered, or how it failed."""
    folder = Path(tempfile.mkdtemp(dir="/run"))
    try:
        return _run_in(folder, call, room)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_in(folder: Path, call: FunctionCall, room: Room) -> FunctionAnswer:
    task = folder / "task"
    with zipfile.ZipFile(io.BytesIO(call.code)) as archive:
        archive.extractall(task)
    resolv_conf = folder / "resolv.conf"
    lines = [f"nameserver {address}\n" for address in room.resolvers]
    resolv_conf.write_text("".join([*lines, "options timeout:1 attempts:2\n"]), encoding="ascii")
    api = RuntimeApi(
        request_id=str(uuid.uuid4()),
        function_arn=call.function_arn,
        event=call.payload,
        deadline=time.time() + call.timeout_seconds,
    )
    address = api.listen(room.namespace)
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 # our own interpreter
            [
                *(sys.executable, "-m", "netprobe.lab.live.sandbox"),
                *(room.namespace, str(resolv_conf)),
                *("on" if room.has_ipv6 else "off", call.handler),
            ],
            cwd=task,
            env=_environment(call, room, address, task),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            return _outcome(api, process, call, log)
        finally:
            process.kill()
            process.wait()
            api.close()


def _outcome(
    api: RuntimeApi, process: subprocess.Popen[bytes], call: FunctionCall, log: Path
) -> FunctionAnswer:
    while not api.done.wait(0.005):
        if time.time() > api.deadline:
            moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]  # noqa: TID251 # Lambda's own words
            after = f"Task timed out after {call.timeout_seconds}.00 seconds"
            payload = {"errorMessage": f"{moment}Z {api.request_id} {after}"}
            return FunctionAnswer(payload=json.dumps(payload), error=True, logs=_tail(log))
        if process.poll() is not None and not api.done.wait(0.05):
            text = (
                f"RequestId: {api.request_id} Error: Runtime exited with error: "
                f"exit status {process.returncode}"
            )
            payload = {"errorType": "Runtime.ExitError", "errorMessage": text}
            return FunctionAnswer(payload=json.dumps(payload), error=True, logs=_tail(log))
    return FunctionAnswer(payload=api.payload or "", error=api.failed, logs=_tail(log))


def _tail(log: Path) -> str:
    return log.read_bytes()[-65536:].decode("utf-8", "replace")


def _environment(call: FunctionCall, room: Room, address: str, task: Path) -> dict[str, str]:
    """Return what a function finds in its environment; the user's own AWS settings never."""
    region = call.function_arn.split(":")[3]
    trusted = str(room.authority)
    return call.environment | {
        "PATH": _SEARCH_PATH,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": call.function_name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(call.memory_mb),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{call.function_name}",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "lab",
        "AWS_SECRET_ACCESS_KEY": "lab",
        "AWS_SESSION_TOKEN": "lab",
        "LAMBDA_TASK_ROOT": str(task),
        "_HANDLER": call.handler,
        "SSL_CERT_FILE": trusted,
        "REQUESTS_CA_BUNDLE": trusted,
        "AWS_CA_BUNDLE": trusted,
    }
