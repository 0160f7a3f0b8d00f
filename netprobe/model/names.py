"""What decides about names inside a VPC: option sets, private zones, resolver rules, firewall."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.addresses import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class DhcpOptions:
    """A DHCP option set, as far as names are concerned."""

    dhcp_options_id: str
    domain_name_servers: tuple[str, ...] = ()
    """Addresses, or ``AmazonProvidedDNS``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainName:
    """A custom domain name of API Gateway."""

    domain_name: str
    endpoint_type: str = "REGIONAL"
    ip_address_type: str = "ipv4"
    target_names: tuple[str, ...] = ()
    """What its DNS record has to lead to: the regional, distribution or endpoint name."""
    api_ids: tuple[str, ...] = ()
    """APIs its mappings lead to."""
    mutual_tls: bool = False
    """``MutualTlsAuthentication`` names a trust store: clients need a certificate."""
    security_policy: str | None = None
    """The TLS versions and ciphers it takes; None when the answer has no such field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRecord:
    """One record set of a private hosted zone."""

    name: str
    """Lower case, without the final dot; ``*.`` in front is a wildcard."""
    type: str
    values: tuple[str, ...] = ()
    alias_target: str | None = None
    """``AliasTarget.DNSName``, lower case, without the final dot."""
    decided: bool = True
    """False for routing policies whose answer configuration does not tell (weighted, ...)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedZone:
    """A private hosted zone."""

    hosted_zone_id: str
    name: str
    """Lower case, without the final dot."""
    vpc_ids: frozenset[str] = frozenset()
    records: tuple[ResourceRecord, ...] = ()
    records_read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverRule:
    """A Route 53 Resolver rule with the VPCs it is associated with."""

    resolver_rule_id: str
    domain_name: str
    """Lower case, without the final dot; empty for the root."""
    rule_type: str
    """``FORWARD``, ``SYSTEM``, ``RECURSIVE`` or ``DELEGATE``."""
    target_addresses: tuple[Address, ...] = ()
    vpc_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRule:
    """One rule of DNS Firewall as one VPC meets it."""

    vpc_id: str
    priority: tuple[int, int]
    """Of the group's association, then of the rule; lower comes first."""
    action: str
    """``ALLOW``, ``ALERT`` or ``BLOCK``."""
    domains: tuple[str, ...] | None = None
    """Lower case, without the final dot, ``*.`` wildcards; None when they could not be read,
    as for AWS's own lists."""
    block_response: str | None = None
    """``NODATA``, ``NXDOMAIN`` or ``OVERRIDE``."""
    query_type: str | None = None
    """``Qtype``; None for every type."""
    rule_group_id: str = ""
    override_domain: str | None = None
    """``BlockOverrideDomain``, lower case, without the final dot."""
    trusts_redirection: bool = False
    """``FirewallDomainRedirectionAction`` is ``TRUST_REDIRECTION_DOMAIN``: where this rule lets
    a name pass, the names its records lead to are not inspected."""
