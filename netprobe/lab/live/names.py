"""What public DNS answers in the lab: the world's hosts, AWS's services, APIs, hosted zones."""

from __future__ import annotations

import itertools
import re
import threading
from functools import partial
from ipaddress import ip_network

from netprobe.lab.live.answers import NODATA, NXDOMAIN, Answer, AnswerOf, follow, of_family
from netprobe.lab.live.apis import API_HOST, EDGE_HOST, FRONT_END, REGIONAL_HOST, domains, find_api
from netprobe.lab.live.readings import Readings
from netprobe.lab.live.services import CHECK_IP
from netprobe.lab.live.zones import Zone, read_zones
from netprobe.lab.network.describe import ControlPlane
from netprobe.lab.network.endpoints import ENDPOINT_SUFFIX, EndpointName, endpoint_names
from netprobe.lab.network.interfaces import list_interfaces
from netprobe.lab.network.world import World

_FIRST_SERVICE = 40
"""Services lie from 198.51.100.40 and 3fff:a::40 up, in the order they are first asked for."""
_LAST_SERVICE = 250
_ENDPOINT_HOST = re.compile(
    r"^(.+\.)?(?P<endpoint>vpce-[0-9a-z]+)-[0-9a-z-]+\.[a-z0-9.-]+\."
    r"(?P<region>[a-z0-9-]+)\.vpce\.amazonaws\.com$"
)
_SERVICE_HOST = re.compile(
    r"^(?P<service>[a-z0-9.-]+?)\.(?P<region>[a-z]{2}(-[a-z]+)+-\d)\.(amazonaws\.com|api\.aws)$"
)
_DUAL_STACK = ("secretsmanager.", "cognito-idp.", "cognito-identity.", "s3.dualstack.")
"""Names under amazonaws.com that have AAAA records on AWS; all of api.aws have."""
_AMAZON = (".amazonaws.com", ".api.aws")
_MOST_ALIASES = 8
_ROUTE_53 = _EDGE = "us-east-1"
"""Route 53 is one for all regions, with this one's endpoint; edge domains are looked for here."""


class PublicNames:
    """Public DNS."""

    def __init__(self, control: ControlPlane, world: World, readings: Readings) -> None:
        self._control = control
        self._once = readings.once
        self._world = world
        self._numbers: dict[str, int] = {}
        self._free = itertools.cycle(range(_FIRST_SERVICE, _LAST_SERVICE))
        self._lock = threading.Lock()

    def zones(self) -> tuple[Zone, ...]:
        """Return the account's hosted zones."""
        return self._once("zones", lambda: read_zones(self._control.client("route53", _ROUTE_53)))

    def answer(self, name: str, kind: str) -> Answer:
        """Answer a name as the whole internet sees it."""
        return follow(name, kind, self.look)

    def look(self, name: str, kind: str) -> Answer:
        """Answer a name, or say which name to ask for instead."""
        host = self._world.named(name)
        if host is not None:
            return of_family(host.ipv4, host.ipv6, kind)
        if name.endswith(_AMAZON):
            return self._amazon(name, kind)
        if EDGE_HOST.match(name):
            return self._domain(name, _EDGE, kind)
        zones = [zone for zone in self.zones() if not zone.private and zone.covers(name)]
        if not zones:
            return NXDOMAIN
        return answer_from(max(zones, key=lambda zone: len(zone.name)), name, kind, self.answer)

    def _amazon(self, name: str, kind: str) -> Answer:
        """Answer a name of AWS's own, which no hosted zone of a user's can change."""
        if match := API_HOST.match(name):
            return self._api(match["api"], match["vpce"], match["region"], kind)
        if match := REGIONAL_HOST.match(name):
            return self._domain(name, match["region"], kind)
        if match := _ENDPOINT_HOST.match(name):
            return self._endpoint(name, match["endpoint"], match["region"], kind)
        if name == CHECK_IP:
            return self._service(name, "checkip", _EDGE, kind)
        if match := _SERVICE_HOST.match(name):
            return self._service(name, match["service"], match["region"], kind)
        return NXDOMAIN

    def _api(self, api_id: str, endpoint_id: str | None, region: str, kind: str) -> Answer:
        read = partial(find_api, self._control, api_id, region)
        found = self._once(("api", api_id, region), read)
        if found is None:
            return NXDOMAIN
        if endpoint_id:
            if endpoint_id not in found.endpoint_ids:
                return NXDOMAIN
            return self._alias_of_endpoint(endpoint_id, region, kind)
        if found.private:  # served inside VPCs only; public DNS knows the name and no address
            return NODATA
        return of_family(FRONT_END[:1], FRONT_END[1:] if found.dual_stack else (), kind)

    def _domain(self, name: str, region: str, kind: str) -> Answer:
        for domain in self._once(("domains", region), lambda: (*domains(self._control, region),)):
            if name in domain.targets:
                return of_family(FRONT_END[:1], FRONT_END[1:] if domain.dual_stack else (), kind)
        return NXDOMAIN

    def _endpoint(self, name: str, endpoint_id: str, region: str, kind: str) -> Answer:
        """Answer an endpoint's own name: public DNS knows it, with its private addresses.

        See "Private DNS names" and "Endpoint-specific names" in the AWS PrivateLink guide.
        """
        for item in self._names_of(endpoint_id, region):
            if item.name.endswith(ENDPOINT_SUFFIX) and item.covers(name):
                return of_family(item.ipv4, item.ipv6, kind)
        return NXDOMAIN

    def _alias_of_endpoint(self, endpoint_id: str, region: str, kind: str) -> Answer:
        """Answer ``{api}-{vpce}.execute-api...``, an alias of the endpoint's regional name."""
        for item in self._names_of(endpoint_id, region):
            if item.name.endswith(ENDPOINT_SUFFIX):
                return of_family(item.ipv4, item.ipv6, kind)
        return NXDOMAIN

    def _names_of(self, endpoint_id: str, region: str) -> tuple[EndpointName, ...]:
        found = self._control.client("ec2", region).describe_vpc_endpoints(
            Filters=[{"Name": "vpc-endpoint-id", "Values": [endpoint_id]}]
        )["VpcEndpoints"]
        if not found:
            return ()
        vpc_id = str(found[0]["VpcId"])
        described = self._once(vpc_id, lambda: self._control.describe_connected(vpc_id, region))[0]
        names = endpoint_names(described, list_interfaces(described))
        return tuple(item for item in names if item.endpoint_id == endpoint_id)

    def _service(self, name: str, service: str, region: str, kind: str) -> Answer:
        number = self._number(service)
        root = service.removesuffix(".dualstack").rpartition(".")[2]
        cidrs = self._once(region, lambda: self._control.service_addresses(region)).get(root, ())
        ipv4 = tuple(str(ip_network(cidr)[10]) for cidr in cidrs[:1] if ":" not in cidr)
        dual = name.endswith(".api.aws") or name.startswith(_DUAL_STACK)
        return of_family(
            ipv4 or (f"198.51.100.{number}",), (f"3fff:a::{number:x}",) if dual else (), kind
        )

    def _number(self, service: str) -> int:
        with self._lock:
            if service not in self._numbers:
                self._numbers[service] = next(self._free)
            return self._numbers[service]


def answer_from(zone: Zone, name: str, kind: str, public: AnswerOf) -> Answer:
    """Answer a name from a hosted zone; aliases of AWS resources are looked up in public DNS.

    An alias never shows its target's name: the addresses come back as the record's own, so no
    private zone of a VPC can capture it. See "Choosing between alias and non-alias records".
    """
    for _ in range(_MOST_ALIASES):
        found = zone.find(name, kind)
        if found is None:
            return NXDOMAIN
        if not found.alias:
            addresses = found.values if kind in {"A", "AAAA"} else ()
            return Answer(addresses=addresses, cname=found.cname)
        if found.alias_zone != zone.zone_id:
            return Answer(addresses=public(found.alias, kind).addresses)
        name = found.alias
    return NODATA
