"""Sessions and clients, and botocore's errors as ours."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore import exceptions
from botocore.config import Config
from botocore.parsers import ResponseParserError

from netprobe.errors import NetprobeError

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5
READ_SECONDS = 60
READ_ATTEMPTS = 5
INVOKE_MARGIN_SECONDS = 15
"""How much longer than the function's own timeout an Invoke is waited for."""

_CREDENTIAL_CODES = frozenset(
    {
        "AuthFailure",
        "InvalidClientTokenId",
        "IncompleteSignature",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_EXPIRED_CODES = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
DENIED_CODES = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException"}
)
_THROTTLED_CODES = frozenset(
    {"RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException"}
)

AWS_ERRORS = (exceptions.BotoCoreError, exceptions.ClientError, ResponseParserError)
"""Everything a call through boto3 raises for reasons of AWS, the network or its settings."""


@dataclass(slots=True)
class AwsSession:
    """One set of credentials in one region; its clients may be used from several threads."""

    region: str
    inner: Any
    endpoint_url: str | None
    _clients: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def client(self, service: str) -> Any:
        """Return the client of a service; the same one each time."""
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 3},
            max_pool_connections=32,
        )
        return self._client(service, service, config)

    def reading_client(self, service: str) -> Any:
        """Return a client that keeps to the pace AWS allows: throttled, it slows down and waits.

        https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
        """
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "adaptive", "total_max_attempts": READ_ATTEMPTS},
            max_pool_connections=32,
        )
        return self._client(service, f"read-{service}", config)

    def invoking_client(self, function_timeout_seconds: int) -> Any:
        """Return a Lambda client that waits for the function and never sends twice.

        boto3's defaults give up after 60 s and send again: the probe would run twice or thrice.
        """
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=function_timeout_seconds + INVOKE_MARGIN_SECONDS,
            retries={"total_max_attempts": 1},
            max_pool_connections=32,
        )
        return self._client("lambda", f"invoke-{function_timeout_seconds}", config)

    def account(self) -> str | None:
        """Return the account id, None when even that is denied; raises NetprobeError."""
        try:
            return str(self.client("sts").get_caller_identity()["Account"])
        except AWS_ERRORS as error:
            if error_code(error) in DENIED_CODES:
                return None
            raise as_netprobe_error(error, "sts:GetCallerIdentity", self.region) from error

    def _client(self, service: str, key: str, config: Config) -> Any:
        with self._lock:  # boto3's sessions, unlike its clients, are not thread-safe
            if key not in self._clients:
                try:
                    client = self.inner.client(
                        service, endpoint_url=self.endpoint_url, config=config
                    )
                    client.meta.events.register("before-call", _log_call)
                    self._clients[key] = client
                except (*AWS_ERRORS, ValueError) as error:
                    raise as_netprobe_error(error, service, self.region) from error
            return self._clients[key]


def _log_call(model: Any, **_: Any) -> None:
    logger.info("AWS call %s:%s", model.service_model.service_name, model.name)


def open_session(
    *, profile: str | None, region: str | None, endpoint_url: str | None
) -> AwsSession:
    """Return a session; raises NetprobeError when profile, region or credentials are missing."""
    try:
        inner = boto3.Session(profile_name=profile, region_name=region)
        credentials = inner.get_credentials()
    except AWS_ERRORS as error:
        raise as_netprobe_error(error, "credentials", region) from error
    if not inner.region_name:  # an empty AWS_REGION names none
        raise NetprobeError(
            "no-region", "no AWS region is set", hint="give --region, or set AWS_REGION"
        )
    if credentials is None:
        raise NetprobeError(
            "no-credentials",
            "no AWS credentials were found",
            hint="give --profile, set AWS_PROFILE or AWS_ACCESS_KEY_ID, or run aws sso login",
        )
    return AwsSession(region=inner.region_name, inner=inner, endpoint_url=endpoint_url)


def error_code(error: BaseException) -> str | None:
    """Return AWS's code of an error answer, None for errors that are no answers."""
    if isinstance(error, exceptions.ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return None


def one_line(error: BaseException) -> str:
    """Return what AWS or botocore said, on one line."""
    if isinstance(error, exceptions.ClientError):
        answer = error.response.get("Error", {})
        return " ".join(f"{answer.get('Code', '')}: {answer.get('Message', '')}".split())
    return " ".join(str(error).split())[:300]


def as_netprobe_error(error: BaseException, action: str, region: str | None) -> NetprobeError:
    """Return the error as one line that names the thing and the next step."""
    found = _of_settings(error) or _of_network(error) or _of_answer(error, action)
    return found or NetprobeError(
        "aws-error", f"{action} failed in {region}", why=one_line(error), hint="try again"
    )


def is_fatal(error: BaseException) -> bool:
    """Tell whether no other call can succeed either: credentials, clock, endpoint."""
    return (
        _of_settings(error) is not None
        or _of_network(error) is not None
        or error_code(error) in _CREDENTIAL_CODES | _EXPIRED_CODES
    )


_LOGGED_OUT = (
    exceptions.SSOTokenLoadError,
    exceptions.UnauthorizedSSOTokenError,
    exceptions.TokenRetrievalError,
    exceptions.CredentialRetrievalError,
)


def _of_settings(error: BaseException) -> NetprobeError | None:
    if isinstance(error, _LOGGED_OUT):
        return _expired(error)
    match error:
        case exceptions.ProfileNotFound():
            what, hint = one_line(error), "aws configure list-profiles shows the known ones"
            return NetprobeError("no-such-profile", what, hint=hint)
        case exceptions.NoCredentialsError() | exceptions.PartialCredentialsError():
            return NetprobeError(
                "no-credentials",
                "no complete AWS credentials were found",
                why=one_line(error),
                hint="give --profile, set AWS_PROFILE or AWS_ACCESS_KEY_ID, or run aws sso login",
            )
        case exceptions.InvalidRegionError():
            return NetprobeError("no-such-region", one_line(error), hint="such as eu-west-1")
        case ValueError() if "endpoint" in str(error).lower():
            return NetprobeError(
                "invalid-endpoint", one_line(error), hint="write --endpoint-url http://HOST:PORT"
            )
        case _:
            return None


def _expired(error: BaseException) -> NetprobeError:
    return NetprobeError(
        "expired-credentials",
        "the AWS credentials have expired",
        why=one_line(error),
        hint="log in again, such as with aws sso login",
    )


def _of_network(error: BaseException) -> NetprobeError | None:
    match error:
        case exceptions.EndpointConnectionError() | exceptions.ConnectTimeoutError():
            pass
        case exceptions.ProxyConnectionError() | exceptions.SSLError():
            pass
        case _:
            return None
    url = getattr(error, "kwargs", {}).get("endpoint_url", "AWS")
    return NetprobeError(
        "unreachable-endpoint",
        f"cannot reach {url}",
        why=type(error).__name__,
        hint="check --endpoint-url, AWS_ENDPOINT_URL, the region and this machine's network",
    )


def _of_answer(error: BaseException, action: str) -> NetprobeError | None:
    code = error_code(error)
    if code is None:
        return None
    if code in _EXPIRED_CODES:
        return _expired(error)
    if code in _CREDENTIAL_CODES:
        return NetprobeError(
            "invalid-credentials",
            "AWS does not accept these credentials",
            why=one_line(error),
            hint="check the access key, the session token and this machine's clock",
        )
    if code in DENIED_CODES:
        return NetprobeError(
            "missing-permission",
            f"not allowed to call {action}",
            why=one_line(error),
            hint=f"allow {action}",
        )
    if code in _THROTTLED_CODES:
        return NetprobeError(
            "throttled",
            f"AWS throttled {action} until the retries ran out",
            why=one_line(error),
            hint="wait a minute and try again",
        )
    return None
