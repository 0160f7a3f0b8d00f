"""What public DNS answers in the lab: the world's hosts, AWS's services, API Gateway's APIs."""

from __future__ import annotations

import itertools
import re
import threading
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from netprobe.lab.network.describe import ControlPlane
from netprobe.lab.network.world import World

API_FRONT_END = ("198.51.100.10", "3fff:a::10")
_FIRST_SERVICE = 40
"""Services lie from 198.51.100.40 and 3fff:a::40 up, in the order they are first asked for."""

_LAST_SERVICE = 250

API_HOST = re.compile(
    r"^(?P<api>[a-z0-9]+)(-(?P<vpce>vpce-[0-9a-z]+))?\.execute-api\."
    r"(?P<region>[a-z0-9-]+)\.amazonaws\.com$"
)
_SERVICE_HOST = re.compile(
    r"^(?P<service>[a-z0-9.-]+?)\.(?P<region>[a-z]{2}(-[a-z]+)+-\d)\.(amazonaws\.com|api\.aws)$"
)
_DUAL_STACK = ("secretsmanager.", "cognito-idp.", "cognito-identity.", "s3.dualstack.")
"""Names under amazonaws.com that have AAAA records on AWS; all of api.aws have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The records of a name; a name that does not exist has no answer at all."""

    ipv4: tuple[str, ...] = ()
    ipv6: tuple[str, ...] = ()


class PublicNames:
    """Public DNS."""

    def __init__(self, control: ControlPlane, world: World) -> None:
        self._control = control
        self._world = world
        self._numbers: dict[str, int] = {}
        self._free = itertools.cycle(range(_FIRST_SERVICE, _LAST_SERVICE))
        self._lock = threading.Lock()

    def answer(self, name: str) -> Answer | None:
        """Return a name's records, None where it does not exist."""
        host = self._world.named(name)
        if host is not None:
            return Answer(host.ipv4, host.ipv6)
        if match := API_HOST.match(name):
            return self._api(match["api"], match["region"])
        if match := _SERVICE_HOST.match(name):
            return self._service(name, match["service"], match["region"])
        return None

    def _api(self, api_id: str, region: str) -> Answer | None:
        found = find_api(self._control, api_id, region)
        if found is None:
            return None
        if found.private:  # served inside VPCs only; public DNS knows the name and no address
            return Answer()
        ipv4, ipv6 = API_FRONT_END
        return Answer((ipv4,), (ipv6,) if found.dual_stack else ())

    def _service(self, name: str, service: str, region: str) -> Answer:
        number = self._number(service)
        root = service.removesuffix(".dualstack").rpartition(".")[2]
        cidrs = self._control.service_addresses(region).get(root, ())
        ipv4 = tuple(str(ip_network(cidr)[10]) for cidr in cidrs[:1] if ":" not in cidr)
        dual = name.endswith(".api.aws") or name.startswith(_DUAL_STACK)
        return Answer(ipv4 or (f"198.51.100.{number}",), (f"3fff:a::{number:x}",) if dual else ())

    def _number(self, service: str) -> int:
        with self._lock:
            if service not in self._numbers:
                self._numbers[service] = next(self._free)
            return self._numbers[service]


@dataclass(frozen=True, slots=True)
class FoundApi:
    """An API as the front end needs it."""

    api_id: str
    region: str
    kind: str
    """REST, HTTP or WEBSOCKET."""
    private: bool
    dual_stack: bool
    disabled: bool
    """The default endpoint is switched off."""
    policy: str | None


def find_api(control: ControlPlane, api_id: str, region: str) -> FoundApi | None:
    """Return the API with this id in a region, of either generation."""
    for item in control.client("apigatewayv2", region).get_apis()["Items"]:
        if item["ApiId"] == api_id:
            return FoundApi(
                api_id,
                region,
                item["ProtocolType"],
                private=False,
                dual_stack=item.get("IpAddressType") == "dualstack",
                disabled=bool(item.get("DisableExecuteApiEndpoint")),
                policy=None,
            )
    for item in control.client("apigateway", region).get_rest_apis()["items"]:
        if item["id"] == api_id:
            configuration: dict[str, Any] = item.get("endpointConfiguration") or {}
            return FoundApi(
                api_id,
                region,
                "REST",
                private="PRIVATE" in configuration.get("types", ()),
                dual_stack=configuration.get("ipAddressType") == "dualstack",
                disabled=bool(item.get("disableExecuteApiEndpoint")),
                policy=item.get("policy") or None,
            )
    return None
