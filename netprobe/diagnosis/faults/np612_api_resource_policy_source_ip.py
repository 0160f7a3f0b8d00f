"""The API's resource policy does not list the address this VPC comes from.

## What it means

The API's resource policy lets in some source addresses. Calls from this VPC come from another
one: over IPv4 that of its NAT gateway, over IPv6 the function's own.

## Why traffic fails

API Gateway evaluates the resource policy before the method. What `aws:SourceIp` is for it is the
public address it sees, so an office's address in the list does not help a function.

## How netprobe knows

The policy, as GetRestApis gives it, refuses every call with the address this path leaves by. It
is evaluated also where the API is not reached yet, because another fault hides it. Packets: HTTP
403 AccessDeniedException that names execute-api:Invoke.

## Known limits

Where the address is not known, or a statement names methods, paths or principals that decide,
nothing is said. AWS WAF's own lists are not read; its refusals are recognised by their error
type only. A policy that was changed takes effect when the API is deployed again.

## Example

A REST API that admits the office's address, called from a function behind a NAT gateway.

## Fix

Add the address of the NAT gateway, and for IPv6 the VPC's block, to the policy, then deploy the
API's stages again.

## Fix safety

Everybody behind the same NAT gateway is let in. Signed calls with IAM authorization need no list
of addresses.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
- https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from netprobe.diagnosis.answers import refused_by_target
from netprobe.diagnosis.arns import api_behind
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.denial import Denial, Holder
from netprobe.diagnosis.denials import denied_paths
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.iam_policies import condition_values
from netprobe.diagnosis.refusals import Refusal
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path
from netprobe.model.words import first_of

_MOST_LISTED = 5
_WHY = "a resource policy is checked against the public address the call comes from"


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per API whose policy does not know where this VPC comes from."""
    groups: dict[str, list[tuple[Path, Denial]]] = defaultdict(list)
    for path, denial in denied_paths(case, Holder.API):
        if "aws:sourceip" in denial.condition_keys and denial.facts.get("aws:sourceip"):
            groups[denial.resource_id].append((path, denial))
    for api_id, found in groups.items():
        seen_as = dict.fromkeys(text for _, denial in found for text in denial.addresses)
        yield FAULT.found_with(
            (
                Evidence(resource_id=api_id, says=f"{found[0][1].says} from {', '.join(seen_as)}"),
                *_listed(found[0][1]),
                *_owners(case, seen_as),
            ),
            (path.key for path, _ in found),
            reason=_WHY,
            advice=f"add {', '.join(seen_as)} to the resource policy of {api_id} and deploy it",
        )
    told = {path.key for found in groups.values() for path, _ in found}
    yield from _seen_only(case, frozenset(told))


def _listed(denial: Denial) -> Iterator[Evidence]:
    """Yield which addresses the policy speaks of instead."""
    listed = condition_values(denial.policy, "aws:sourceip")
    if listed:
        says = f"its policy speaks of {first_of(listed, _MOST_LISTED)}"
        yield Evidence(resource_id=denial.resource_id, says=says)


def _owners(case: Case, addresses: Iterable[str]) -> Iterator[Evidence]:
    """Yield the NAT gateways whose addresses the policy is asked about."""
    for text in addresses:
        for gateway in case.snapshot.nat_gateways:
            if text in map(str, gateway.public_addresses):
                says = f"has the public address {text}"
                yield Evidence(resource_id=gateway.nat_gateway_id, says=says)


def _seen_only(case: Case, told: frozenset[object]) -> Iterator[Finding]:
    """Yield what the packets alone show: a refusal by a policy or by AWS WAF."""

    def fits(path: Path, refusal: Refusal) -> bool:
        api = api_behind(case.snapshot, case.target(path))
        by_policy = refusal.action == "execute-api:Invoke" and refusal.policy != "VPC endpoint"
        if path.key in told or api is None or api.is_private:
            return False
        return by_policy or refusal.kind.startswith("WAFFiltered")

    for target, found in refused_by_target(case, fits):
        yield FAULT.found_with(
            (Evidence(resource_id=target, says=f"answers {found[0][1].said}"),),
            (path.key for path, _ in found),
            reason=_WHY,
            advice=f"let the address this VPC comes from into the policy in front of {target}",
        )


FAULT = Fault(
    code="NP612",
    name="api-resource-policy-source-ip",
    title="Public API's resource policy/WAF allow-lists IPs but not the NAT EIP or the VPC's IPv6 range",
    phrase="API's policy refuses the source address",
    since="0.1.0",
    symptoms=("forbidden-inside", "access-denied"),
    check=check,
    doc=__doc__,
)
