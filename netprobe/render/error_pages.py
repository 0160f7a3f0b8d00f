"""The pages of netprobe's own errors: what kept it from its job, and what to do."""

from __future__ import annotations

from netprobe.render import comparison_errors, evidence_errors, expectation_errors, lab_errors
from netprobe.render.error_page import Page

_PAGES: dict[str, Page] = {
    "ambiguous-source": Page(
        "Several interfaces have the address the flow starts from",
        "VPCs may use the same addresses. Name the interface, or the VPC that is meant: --vpc ID.",
    ),
    "apis-not-read": Page(
        "An API that was named may be among those that could not be read",
        "The list of APIs was refused or failed, so nobody knows whether there is one of this id. "
        "Allow apigateway:GET, or name the API by its URL, which needs no list.",
    ),
    "aws-error": Page(
        "An AWS call failed in a way netprobe does not know",
        "The line names the call and repeats what AWS said. Try again; if it stays, the AWS "
        "service's own status page and the call's documentation say more.",
    ),
    "bad-argument": Page(
        "A function of the Python API was given what it cannot take",
        "The line names the argument, what it is, and what it may be.",
    ),
    "bad-command-line": Page(
        "The words of the command line cannot be read",
        "A command, option or value is misspelt or missing; the line names it, and the nearest "
        "there is. netprobe COMMAND --help lists what a command takes.",
    ),
    "expired-credentials": Page(
        "The AWS credentials have expired",
        "Temporary credentials and SSO sessions end. Log in again (aws sso login), or renew the "
        "session token in the environment.",
    ),
    "databases-not-read": Page(
        "Whether there is such a database is not known",
        "Clusters and instances of Neptune and RDS are read only where a target's ARN asks for "
        "one, and the call that lists them failed, or nobody made it for what is saved. The line "
        "names the IAM action to allow. An endpoint needs no such call: --target "
        "tcp://HOST:PORT.",
    ),
    "function-not-in-vpc": Page(
        "The function is not attached to a VPC",
        "Such a function uses Lambda's own network, which reaches the internet over IPv4; no "
        "route, group or ACL of yours is in its way. Look at the far end instead.",
    ),
    "invalid-credentials": Page(
        "AWS does not accept the credentials",
        "The access key is unknown, the secret does not fit it, the session token is missing, or "
        "this machine's clock is off by minutes.",
    ),
    "invalid-endpoint": Page(
        "The endpoint URL is no URL",
        "Write --endpoint-url (or AWS_ENDPOINT_URL) as http://HOST:PORT or https://HOST:PORT.",
    ),
    "invalid-role": Page(
        "What --role-arn names is no IAM role",
        "Give the role's ARN as iam:GetRole and the console show it: "
        "arn:PARTITION:iam::ACCOUNT:role/NAME, with its path before the name if it has one. "
        "Lambda must be allowed to assume it: netprobe iam-policy probe-role.",
    ),
    "missing-permission": Page(
        "A call that netprobe cannot do without was denied",
        "The line names the IAM action to allow. Reads that a verdict can do without are no "
        "errors: they become gaps in the report.",
    ),
    "no-credentials": Page(
        "No AWS credentials were found",
        "netprobe looks where every AWS SDK does: the environment, the profile, SSO, the "
        "instance's role. Give --profile, or set AWS_PROFILE.",
    ),
    "no-database-endpoint": Page(
        "The database has no endpoint to connect to",
        "It is being made or removed: AWS gives an endpoint to what is available. aws rds "
        "describe-db-clusters and describe-db-instances show it.",
    ),
    "no-family": Page(
        "No address family is left to ask about",
        "--ipv4-only and --ipv6-only exclude each other; give one, or none for both.",
    ),
    "no-region": Page(
        "No AWS region is set",
        "Give --region, set AWS_REGION, or put a region into the profile.",
    ),
    "no-service-host": Page(
        "The SDK knows no host name of its own for that service in the region",
        "The service is not offered there, or has no dual-stack name. Name the host instead: "
        "--target https://HOST.",
    ),
    "no-subnet": Page(
        "No subnet of the VPC can hold a function",
        "Every subnet is public only, full or not available. Name one with --subnet to probe it "
        "all the same.",
    ),
    "no-such-api": Page(
        "No API with that id is in the region",
        "Ids are ten characters of the API's own URL. APIs of other regions and accounts are "
        "reached by URL: --target https://ID.execute-api.REGION.amazonaws.com/.",
    ),
    "no-such-client": Page(
        "That client's habits are not known",
        "--client takes one of the names in netprobe check --help.",
    ),
    "no-such-database": Page(
        "No cluster or instance of Neptune or RDS has that ARN",
        "Write arn:PARTITION:rds:REGION:ACCOUNT:cluster:NAME, or :db:NAME for an instance; both "
        "services share this form. Those of other accounts and regions are reached by their "
        "endpoint: --target tcp://HOST:PORT.",
    ),
    "no-such-destination": Page(
        "The destination of a flow is no address, no name and nothing of the snapshot",
        "It is an address, eni-…, i-…, vpce-… of the snapshot, a host name, api:ID or "
        "service:NAME. A gateway endpoint has no address: name its service.",
    ),
    "no-such-finding": Page(
        "There is no page of that name",
        "netprobe explain --list shows the codes of all findings and the names of all errors.",
    ),
    "no-such-form": Page(
        "A form of reports was asked of a command that prints none",
        "Markdown, HTML and JUnit XML are forms of a check's report. What is deployed, removed or "
        "planned is written as text or JSON.",
    ),
    "no-such-function": Page(
        "No function of that name is in the region",
        "Give its name, not its ARN or alias, and the region it is in.",
    ),
    "no-such-profile": Page(
        "The AWS configuration files have no such profile",
        "aws configure list-profiles shows those they have.",
    ),
    "no-such-region": Page(
        "That is no AWS region",
        "Regions are written like eu-west-1.",
    ),
    "no-such-resource": Page(
        "A change of --what-if names something that was not read, or makes what is there",
        "Ids are those of the configuration that is judged, or of what a change before it makes. "
        "What is made has an id of its own, which begins with new-.",
    ),
    "no-such-security-group": Page(
        "The VPC has no such security group",
        "A group belongs to one VPC; netprobe probes with groups of the VPC it checks.",
    ),
    "no-such-source": Page(
        "The snapshot does not have the place the flow starts from",
        "A source is eni-…, i-…, subnet-…, function:NAME, or an address of an interface. The line "
        "names the nearest one there is.",
    ),
    "no-such-subnet": Page(
        "The VPC has no such subnet",
        "A subnet belongs to one VPC; name one of the VPC that is checked.",
    ),
    "no-such-vpc": Page(
        "No VPC with that id is in the region",
        "The line lists the VPCs there are. A VPC of another region needs --region, one of "
        "another account needs --profile.",
    ),
    "not-recorded": Page(
        "The recording has no answer for this probe",
        "A replay answers only what was asked when it was recorded.",
    ),
    "nothing-to-check": Page(
        "Neither a VPC nor a function was named",
        "Give --vpc ID to look at a VPC, or --function NAME to look at what one function sees.",
    ),
    "nothing-to-explain": Page(
        "No finding or error was named, or two things were asked for at once",
        "netprobe explain NP103 shows one page, netprobe explain --list all names, and "
        "netprobe explain --symptoms where to begin.",
    ),
    "nothing-to-trace": Page(
        "Neither a flow nor a configuration to trace it in was named",
        "netprobe trace needs --snapshot PATH or --vpc ID, and --from with --to, or --flows FILE.",
    ),
    "other-family": Page(
        "A flow would need two address families",
        "One flow is one family: that of its destination. Both ends need an address of it, and "
        "--family, or the field family, may not contradict them.",
    ),
    "probe-failed": Page(
        "The probe function itself failed",
        "It was created and invoked, and ended with an error, which the line repeats. Its subnet "
        "is judged by the configuration alone.",
    ),
    "probe-not-attached": Page(
        "Lambda could not attach the probe to the subnet",
        "The line says why: no free address, a missing permission of the execution role, or a "
        "network interface limit.",
    ),
    "probe-not-deployed": Page(
        "No probe stands where it was asked for",
        "netprobe probe uses what netprobe deploy put in place, for the same VPC or function, "
        "subnets and groups. Deploy it with the same options, or run netprobe check, which brings "
        "a probe of its own and takes it away again.",
    ),
    "probe-not-usable": Page(
        "The standing probe cannot be invoked",
        "Lambda says that its function failed, or it went away meanwhile. Take it away with "
        "netprobe destroy and deploy it again.",
    ),
    "probe-refused": Page(
        "Lambda takes no function in that subnet",
        "Some zones have no Lambda, and a dual-stack flag needs a dual-stack subnet. Name another "
        "--subnet, or ask the configuration alone with --no-probe.",
    ),
    "probe-stays-pending": Page(
        "Lambda had no network interface in time",
        "The first function on a subnet and set of groups waits for one, usually for less than "
        "a minute. Try again later, or name another --subnet.",
    ),
    "probe-unreadable": Page(
        "The probe answered something that is no probe answer",
        "A probe of another version may still be in place: run netprobe cleanup.",
    ),
    "snapshot-sends-nothing": Page(
        "A snapshot was given together with an option about probes",
        "netprobe check --snapshot judges what was saved and creates nothing, so there is nothing "
        "to keep, to plan or to give a role. Leave the option out, or leave --snapshot out to "
        "probe the account.",
    ),
    "stopped": Page(
        "The deployment was given up",
        "Another probe of the same check could not be created; its error is the one to read.",
    ),
    "throttled": Page(
        "AWS throttled a call until the retries ran out",
        "Other programs share the account's quota. Wait a minute and try again.",
    ),
    "two-things-to-check": Page(
        "Both a VPC and a function were named",
        "A function brings its VPC along; give --vpc ID or --function NAME, one of the two.",
    ),
    "two-things-to-trace": Page(
        "One flow and a file of flows were asked for together",
        "Give --flows FILE, whose answers are JSON Lines, or --from and --to.",
    ),
    "unknown-service": Page(
        "The SDK knows no service of that name",
        "--target service:NAME takes the names of boto3's clients, such as secretsmanager.",
    ),
    "unreachable-endpoint": Page(
        "The AWS API could not be reached",
        "Nothing answers at that URL from this machine. Check --endpoint-url, AWS_ENDPOINT_URL, "
        "the region, a proxy and the network.",
    ),
    "unreadable-change": Page(
        "The changes of --what-if could not be understood",
        "The file is JSON: a list of changes, an object with changes, a fix, or a whole report "
        'with the fix after a colon, as in report.json:fix-1. A change is {"action": ..., '
        '"values": {...}}, as --format json writes it. The line says which one is wrong, and '
        "what would be right.",
    ),
    "unreadable-file": Page(
        "A file named on the command line cannot be read",
        "It is missing, not yours to read, not UTF-8, or not JSON where JSON is needed.",
    ),
    "unreadable-flow": Page(
        "A flow could not be understood",
        "It is a JSON object with source, destination, protocol and port, and maybe source_port "
        "and family. The line says which of them is wrong.",
    ),
    "unreadable-snapshot": Page(
        "The snapshot cannot be read",
        "Give a file that netprobe snapshot wrote, or a folder with the JSON that aws ... "
        "describe-* printed, in one folder or in one per account and region. The files' names do "
        "not matter; files of other kinds are ignored.",
    ),
    "unreadable-target": Page(
        "A target could not be understood",
        "Targets are https://HOST/PATH, http://HOST, wss://HOST/PATH, tcp://HOST:PORT, "
        "dns://NAME, HOST[:PORT], IP[:PORT], api:ID[/STAGE], service:NAME, and the ARN of an API "
        "of API Gateway or of a cluster or instance of Neptune or RDS.",
    ),
    "unsupported-target": Page(
        "No host name can be taken from that target",
        "The ARN names something that has no address, or of a kind netprobe does not know yet. "
        "Name the host: --target HOST:PORT.",
    ),
    "unwritable-output": Page(
        "The report cannot be written there",
        "The folder is missing, not yours to write to, or the path is a folder. Nothing was "
        "deployed yet when this is found out.",
    ),
    "what-if-sends-nothing": Page(
        "Changes to assume were given together with an option about probes",
        "No packet can be sent through what is not there, so netprobe check --what-if judges the "
        "configuration alone. Leave the option out, or leave --what-if out to probe.",
    ),
}
_OF_FILES = comparison_errors.PAGES | evidence_errors.PAGES | expectation_errors.PAGES
PAGES = dict(sorted((_PAGES | _OF_FILES | lab_errors.PAGES).items()))
"""By reference."""


def error_page(reference: str) -> str:
    """Return an error's page as Markdown; raises KeyError."""
    title, text = PAGES[reference]
    return f"# {reference}\n\n{title}.\n\n{text}\n"


def all_error_pages() -> str:
    """Return docs/errors.md."""
    sections = "\n".join(
        f"## {reference}\n\n{title}.\n\n{text}\n" for reference, (title, text) in PAGES.items()
    )
    return (
        "# Errors\n\nWhat kept netprobe from its job: one line on stderr, exit code 1 (2 where "
        "the command line itself is at fault), nothing on stdout.\n"
        f"Each line begins with `error[NAME]`, and `netprobe explain NAME` shows this text.\n\n"
        f"{sections}"
    )
