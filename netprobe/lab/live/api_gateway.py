"""API Gateway's own answers: who is served, who is refused, and in which words.

https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.lab.live import gateway_answers, services
from netprobe.lab.live.apis import API_HOST, Api, Domain, domains, find_api
from netprobe.lab.live.callers import Caller
from netprobe.lab.live.http_message import Request, Response
from netprobe.lab.live.integrations import Integrations
from netprobe.lab.live.policies import Asked, Decision, decide
from netprobe.lab.network.describe import ControlPlane

Json = Mapping[str, Any]

_MARK = ".execute-api."
_INVOKE = "execute-api:Invoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it arrives at a stage of an API."""

    api: Api
    stage: str
    path: str
    """Below the stage, with a slash in front."""

    def resource(self, method: str) -> str:
        """Return the ARN that policies name, see "Resource format" in the API Gateway guide."""
        return f"{_arn(self.api)}/{self.stage}/{method}{self.path}"


class ApiGateway:
    """The execute-api front end."""

    def __init__(self, control: ControlPlane, region: str) -> None:
        self._control = control
        self._region = region
        self._integrations = Integrations(control)

    @property
    def certificate_name(self) -> str:
        """The name its front end certifies when it is asked for none of its own."""
        return self.certificate_name_of("*.execute-api")

    def certificate_name_of(self, service: str) -> str:
        """Return the name of a service's certificate in the region."""
        return f"{service}.{self._region}.amazonaws.com"

    def serves(self, host: str) -> bool:
        """Tell whether a host name is one of execute-api's, or a custom domain."""
        return _MARK in host or self._domain(host) is not None

    def answers(self, host: str) -> bool:
        """Tell whether a host name is that of an API or a custom domain there is."""
        match = API_HOST.match(host)
        if match is None:
            return self._domain(host) is not None
        return find_api(self._control, match["api"], match["region"]) is not None

    def answer(self, request: Request, caller: Caller) -> Response:
        """Answer a request to any API.

        Endpoints serve private APIs only, and the public front end only public ones.
        """
        domain = self._domain(request.host)
        call = self._by_domain(domain, request) if domain else self._by_host(request)
        if call is None or call.api.private is not (caller.endpoint_id is not None):
            return gateway_answers.forbidden()
        if call.api.disabled and domain is None:
            return _switched_off(call.api)
        if refused := self._refused(call, request, caller):
            return refused
        match call.api.kind:
            case "WEBSOCKET":
                return self._websocket(call, request)
            case "HTTP":
                return self._http(call, request, caller)
            case _:
                return self._rest(call, request, caller)

    def _domain(self, host: str) -> Domain | None:
        if _MARK in host:
            return None
        found = domains(self._control, self._region)
        return next((domain for domain in found if domain.name == host), None)

    def _by_domain(self, domain: Domain, request: Request) -> Call | None:
        mapping = domain.mapping_of(request.path)
        api = find_api(self._control, mapping.api_id, domain.region) if mapping else None
        if mapping is None or api is None:
            return None
        path = "/" + request.path.strip("/").removeprefix(mapping.path).lstrip("/")
        if not mapping.stage:
            return _in_stage(api, path)
        return Call(api=api, stage=mapping.stage, path=path)

    def _by_host(self, request: Request) -> Call | None:
        """Return the call that the default endpoint, or a private API's other names, lead to.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
        """
        match = API_HOST.match(request.host)
        api_id = match["api"] if match else request.headers.get("x-apigw-api-id")
        region = request.host.partition(_MARK)[2].partition(".")[0]
        api = find_api(self._control, api_id, region) if api_id and region else None
        if api is None:
            return None
        if api.kind == "HTTP" and "$default" in self._v2_stages(api):
            return Call(api=api, stage="$default", path=request.path)
        return _in_stage(api, request.path)

    def _refused(self, call: Call, request: Request, caller: Caller) -> Response | None:
        """Return the refusal of the endpoint's policy, else of the API's own.

        Both must allow a call to a private API, see "Use VPC endpoint policies for private APIs"
        in the API Gateway guide.
        """
        asked = Asked(
            action=_INVOKE,
            resource=call.resource(request.method),
            service="execute-api",
            signed=request.is_signed,
            account_id=services.ACCOUNT_ID,
            facts=caller.facts,
        )
        decision = decide(caller.policy, asked) if caller.policy else Decision.ALLOWED
        if decision is Decision.ALLOWED and call.api.policy:
            decision = decide(_spelled_out(call.api.policy, _arn(call.api)), asked)
        elif decision is Decision.ALLOWED and call.api.private:
            decision = Decision.IMPLICIT_DENY  # without a policy it is closed to everyone
        if decision is Decision.ALLOWED:
            return None
        return gateway_answers.denied(
            call.resource(request.method), explicitly=decision is Decision.EXPLICIT_DENY
        )

    def _websocket(self, call: Call, request: Request) -> Response:
        if call.stage not in self._v2_stages(call.api):
            return gateway_answers.forbidden()
        if call.path.startswith("/@connections/"):
            if not request.is_signed:
                return gateway_answers.missing_token()
            return gateway_answers.gone()
        key = request.headers.get("sec-websocket-key")
        if request.headers.get("upgrade", "").lower() != "websocket" or not key:
            return gateway_answers.forbidden()
        return gateway_answers.switched_to_websocket(key)

    def _v2_stages(self, api: Api) -> set[str]:
        stages = self._control.client("apigatewayv2", api.region).get_stages(ApiId=api.api_id)
        return {item["StageName"] for item in stages["Items"]}

    def _http(self, call: Call, request: Request, caller: Caller) -> Response:
        if call.stage not in self._v2_stages(call.api):
            return gateway_answers.not_found()
        client = self._control.client("apigatewayv2", call.api.region)
        listed = client.get_routes(ApiId=call.api.api_id)["Items"]
        route = best_route({item["RouteKey"]: item for item in listed}, request.method, call.path)
        if route is None or not route.get("Target"):
            return gateway_answers.not_found()
        match route.get("AuthorizationType"):
            case "JWT":  # no token of the lab's is one that an issuer signed
                return gateway_answers.unauthorized()
            case "AWS_IAM" if not request.is_signed:
                return gateway_answers.not_let_in()
        return self._integrations.http(call.api, route["Target"], request, caller)

    def _rest(self, call: Call, request: Request, caller: Caller) -> Response:
        client = self._control.client("apigateway", call.api.region)
        stages = client.get_stages(restApiId=call.api.api_id).get("item") or ()
        if call.stage not in {item["stageName"] for item in stages}:
            return gateway_answers.missing_token()
        resources = client.get_resources(restApiId=call.api.api_id, embed=["methods"])["items"]
        wanted = call.path.rstrip("/") or "/"
        resource = best_resource({item["path"]: item for item in resources}, wanted)
        if resource is None:
            return gateway_answers.missing_token()
        return self._integrations.rest(call.api, resource, request, caller)


def _in_stage(api: Api, path: str) -> Call:
    """Return a call whose path names its stage first."""
    stage, _, rest = path.lstrip("/").partition("/")
    return Call(api=api, stage=stage, path=f"/{rest}")


def _switched_off(api: Api) -> Response:
    """Return what a disabled default endpoint answers.

    See "Disable the default endpoint for REST APIs"; of HTTP APIs the guide names no status, and
    users report a 404.
    """
    return gateway_answers.not_found() if api.kind == "HTTP" else gateway_answers.forbidden()


def _arn(api: Api) -> str:
    return f"arn:aws:execute-api:{api.region}:{services.ACCOUNT_ID}:{api.api_id}"


def _spelled_out(policy: str, arn: str) -> str:
    """Return a resource policy with the short form of its resources spelled out.

    "execute-api:/stage/METHOD/path" is what the console and the guide's examples write.
    """
    return policy.replace("execute-api:\\/", "execute-api:/").replace('"execute-api:/', f'"{arn}/')


def best_route(routes: Mapping[str, Json], method: str, path: str) -> Json | None:
    """Return the route of an HTTP API that a request takes, the most specific one.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
    """
    wanted = path.rstrip("/") or "/"
    fitting = [
        (rank, word == method, item)
        for key, item in routes.items()
        for word, _, pattern in [key.partition(" ")]
        if word in {method, "ANY"} and (rank := _rank(pattern.rstrip("/") or "/", wanted))
    ]
    if fitting:
        return max(fitting, key=lambda item: item[:2])[2]
    return routes.get("$default")


def best_resource(resources: Mapping[str, Json], path: str) -> Json | None:
    """Return the resource of a REST API that a path leads to, the most specific one."""
    fitting = [
        (rank, item) for pattern, item in resources.items() if (rank := _rank(pattern, path))
    ]
    return max(fitting, key=lambda item: item[0])[1] if fitting else None


def _rank(pattern: str, path: str) -> tuple[int, ...]:
    """Return how well a pattern with ``{name}`` and ``{proxy+}`` fits a path; empty if not."""
    parts, wanted = pattern.strip("/").split("/"), path.strip("/").split("/")
    rank: list[int] = []
    for index, part in enumerate(parts):
        if part.startswith("{") and part.endswith("+}"):
            return (*rank, 1) if len(wanted) > index and wanted[index] else ()
        if index >= len(wanted) or (part != wanted[index] and not part.startswith("{")):
            return ()
        rank.append(2 if part.startswith("{") else 3)
    return tuple(rank) if len(parts) == len(wanted) else ()
