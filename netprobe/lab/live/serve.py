"""The lab's process: an AWS endpoint whose VPCs carry real packets, and nothing left behind.

The endpoint's socket is bound before the process leaves this machine's namespaces, so users
reach it on 127.0.0.1 as ever; everything else lives in namespaces that end with it.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from netprobe.errors import NetprobeError
from netprobe.lab.network.isolation import isolate, mount_private_run, tool
from netprobe.lab.network.linux import end_with_parent
from netprobe.lab.network.world import World, read_world
from netprobe.lab.story import build

logger = logging.getLogger(__name__)

REGION = "us-east-1"
Ready = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is made of the lab once it stands."""

    ready: Ready
    region: str
    story: bool


def run(
    *,
    port: int,
    world: Path | None,
    ready: Ready,
    story: bool = False,
    region: str = REGION,
) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` gets the endpoint's URL, region and tier.

    Every region is there; ``region`` is the one that is named. With ``story`` the VPC of the demo
    stands in it, and ``ready`` gets its ids too.

    Raises:
        NetprobeError: the port is taken, the world cannot be read, there is no such region, or
            this machine offers no namespaces or lacks ``ip`` or ``nft``.
    """
    _require_region(region)
    declared = _read(world)
    for name in ("ip", "nft"):
        tool(name)
    listener = _listen(port)
    tier = isolate()
    child = os.fork()
    if child == 0:
        _be_the_lab(listener, declared, tier, _Asked(ready, region, story))
    listener.close()
    _wait_for(child)


def _read(world: Path | None) -> World:
    if world is None:
        return World()
    try:
        return read_world(world.read_text(encoding="utf-8"))
    except NetprobeError as error:
        raise NetprobeError(
            "lab-bad-world", f"cannot use the world file {world}", why=error.why, hint=error.hint
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise NetprobeError(
            "lab-bad-world",
            f"cannot read {world}",
            why=getattr(error, "strerror", None) or str(error),
            hint="give --world a TOML file",
        ) from error


def _require_region(region: str) -> None:
    if region == REGION:
        return
    import botocore.session  # noqa: PLC0415 # 100 ms that few need

    known = botocore.session.get_session().get_available_regions("ec2")
    if region not in known:
        raise NetprobeError("no-such-region", f"no region {region!r}", hint="such as eu-west-1")


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError as error:
        raise NetprobeError(
            "lab-port-taken",
            f"cannot listen on 127.0.0.1:{port}",
            why=error.strerror or str(error),
            hint="give another --port, or 0 for a free one",
        ) from error


def _wait_for(child: int) -> None:
    """Pass signals on to the lab and end when it ends."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL)  # the kernel ends all of its namespace with it

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        raise NetprobeError("lab-failed", "the lab could not start", why="see the lines above")


def _be_the_lab(listener: socket.socket, world: World, tier: str, asked: _Asked) -> None:
    """Run in the child, the first process of the new namespaces; never returns."""
    status = 1
    try:
        end_with_parent()
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # a terminal sends it to both; the parent acts
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        mount_private_run()
        subprocess.run([tool("ip"), "link", "set", "lo", "up"], check=True)  # noqa: S603 # found, not typed
        _serve(listener, world, tier, asked)
        status = 0
    except NetprobeError as error:
        os.write(2, f"{error}\n".encode())
    except Exception:  # the lab's own failure: its log is what its developer needs
        logger.exception("the lab failed")
    finally:
        os._exit(status)


def _serve(listener: socket.socket, world: World, tier: str, asked: _Asked) -> None:
    # moto takes a second to import and must find the namespaces as they are now.
    from moto.server import DomainDispatcherApplication, create_backend_app  # noqa: PLC0415 # above
    from werkzeug.serving import make_server  # noqa: PLC0415 # see above

    from netprobe.lab.control.apply import apply_corrections  # noqa: PLC0415 # see above
    from netprobe.lab.control.denials import Denials  # noqa: PLC0415 # see above
    from netprobe.lab.control.functions import FunctionAnswer, FunctionCall  # noqa: PLC0415 # above
    from netprobe.lab.live.authority import Authority  # noqa: PLC0415 # see above
    from netprobe.lab.live.networks import Networks  # noqa: PLC0415 # see above
    from netprobe.lab.network.describe import ControlPlane  # noqa: PLC0415 # see above

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = DomainDispatcherApplication(create_backend_app)
    inner = make_server("127.0.0.1", 0, application, threaded=True)
    threading.Thread(target=inner.serve_forever, daemon=True).start()
    folder = Path("/run/lab")
    folder.mkdir()
    control = ControlPlane(f"http://127.0.0.1:{inner.server_port}")
    networks = Networks(control, world, Authority(folder))

    def invoke(call: FunctionCall) -> FunctionAnswer:
        try:
            return networks.invoke(call)
        except Exception:
            # moto answers 500 and keeps quiet about why.
            logger.exception("the lab could not run %s", call.function_name)
            raise

    apply_corrections(invoke, frozenset(item.address for item in world.resolvers))
    control.client(
        "ec2", asked.region
    ).describe_vpcs()  # the first call takes a second: take it now
    host, port = listener.getsockname()
    outer = make_server(host, port, Denials(application), threaded=True, fd=listener.fileno())
    clients = partial(control.client, region=asked.region)
    built = asdict(build(clients)) if asked.story else {}
    line = {"endpoint_url": f"http://{host}:{port}", "region": asked.region, "tier": tier}
    asked.ready(line | built)
    outer.serve_forever()
