"""What runs behind addresses: functions, instances, APIs, load balancers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Lambda function attached to a VPC."""

    function_name: str
    function_arn: str
    vpc_id: str
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    ipv6_allowed: bool = False
    runtime: str | None = None
    timeout_seconds: int = 3
    state: str | None = None
    """None where GetFunctionConfiguration was not asked: ListFunctions leaves it out."""
    state_reason_code: str | None = None
    """Why it is in that state, where it is not Active."""
    state_reason: str | None = None
    """What Lambda says of that reason in words."""
    last_update_status: str | None = None
    """``InProgress``, ``Successful`` or ``Failed``."""
    last_update_reason_code: str | None = None
    """``LastUpdateStatusReasonCode``, why the last update failed."""
    last_update_reason: str | None = None
    """What Lambda says of that reason in words."""
    role_arn: str | None = None
    """Its execution role."""


class ApiKind(StrEnum):
    """The three kinds of API Gateway API."""

    REST = "rest"
    HTTP = "http"
    WEBSOCKET = "websocket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """An API Gateway API."""

    api_id: str
    name: str
    kind: ApiKind
    host: str
    """The default execute-api host name."""
    endpoint_type: str = "REGIONAL"
    ip_address_type: str = "ipv4"
    ip_address_type_assumed: bool = False
    """The field was absent and AWS's default was taken."""
    default_endpoint_disabled: bool = False
    stages: tuple[str, ...] = ()
    vpc_endpoint_ids: tuple[str, ...] = ()
    policy: str | None = None
    """The resource policy's JSON text; REST APIs only."""

    @property
    def is_private(self) -> bool:
        """Tell whether only interface endpoints reach this API."""
        return self.endpoint_type == "PRIVATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An EC2 instance, as far as packets are concerned."""

    instance_id: str
    state: str = "running"
    vpc_id: str | None = None
    subnet_id: str | None = None
    network_interface_ids: tuple[str, ...] = ()
    """In the order of their device index: the first is the primary one."""
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A cluster or an instance of RDS, Neptune or DocumentDB, which share RDS's ARNs and calls."""

    database_arn: str
    engine: str
    host: str | None = None
    """Of its own endpoint, a cluster's writer; None while it is being made."""
    port: int | None = None
    group_ids: tuple[str, ...] = ()
    status: str = ""

    @property
    def kind(self) -> str:
        """Return ``cluster`` or ``db``, as its ARN says."""
        return self.database_arn.split(":")[5]

    @property
    def name(self) -> str:
        """Return its identifier."""
        return self.database_arn.rpartition(":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One listener of a load balancer."""

    port: int
    protocol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    """An application, network or gateway load balancer."""

    load_balancer_arn: str
    name: str
    dns_name: str
    """Lower case, without the final dot."""
    type: str = "application"
    scheme: str = "internal"
    vpc_id: str = ""
    state: str = "active"
    subnet_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    ip_address_type: str = "ipv4"
    listeners: tuple[Listener, ...] | None = None
    """None when they could not be read."""
