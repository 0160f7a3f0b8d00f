"""Policies in the three languages: whole documents, which replace the ones that are there."""

from __future__ import annotations

import json
import shlex
from typing import Any

from netprobe.model import changes as ch

Resources = list[tuple[str, str, dict[str, Any]]] | str
"""Resources, or what to change in one that exists."""


def api_policy(change: ch.SetApiPolicy) -> list[str]:
    """Return the AWS CLI commands; a policy counts from the next deployment on.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
    """
    patch = json.dumps([{"op": "replace", "path": "/policy", "value": change.policy}])
    api = f"--rest-api-id {shlex.quote(change.api_id)}"
    deployed = (
        f"aws apigateway create-deployment @ {api} --stage-name {shlex.quote(stage)}"
        for stage in change.stages
    )
    set_it = f"aws apigateway update-rest-api @ {api} --patch-operations {shlex.quote(patch)}"
    told = "" if change.stages else f"# then deploy {change.api_id} to its stage again"
    return [set_it, *deployed, *filter(None, (told,))]


def endpoint_policy(change: ch.SetEndpointPolicy) -> list[str]:
    """Return the AWS CLI command."""
    endpoint = shlex.quote(change.vpc_endpoint_id)
    command = f"aws ec2 modify-vpc-endpoint @ --vpc-endpoint-id {endpoint}"
    return [f"{command} --policy-document {shlex.quote(change.policy)}"]


def bucket_policy(change: ch.SetBucketPolicy) -> list[str]:
    """Return the AWS CLI command."""
    bucket, policy = shlex.quote(change.bucket), shlex.quote(change.policy)
    return [f"aws s3api put-bucket-policy @ --bucket {bucket} --policy {policy}"]


def terraform_api_policy(change: ch.SetApiPolicy) -> Resources:
    """Return the policy; Terraform deploys where the deployment's triggers name it."""
    arguments = {"rest_api_id": change.api_id, "policy": change.policy}
    return [("aws_api_gateway_rest_api_policy", "", arguments)]


def terraform_endpoint_policy(change: ch.SetEndpointPolicy) -> Resources:
    """Return the policy."""
    arguments = {"vpc_endpoint_id": change.vpc_endpoint_id, "policy": change.policy}
    return [("aws_vpc_endpoint_policy", "", arguments)]


def terraform_bucket_policy(change: ch.SetBucketPolicy) -> Resources:
    """Return the policy."""
    return [("aws_s3_bucket_policy", "", {"bucket": change.bucket, "policy": change.policy})]


def template_api_policy(change: ch.SetApiPolicy) -> Resources:
    """Return what to do in the stack that has the API."""
    where = f"the AWS::ApiGateway::RestApi {change.api_id}"
    return f"Policy of {where} = {change.policy}, with a new AWS::ApiGateway::Deployment"


def template_endpoint_policy(change: ch.SetEndpointPolicy) -> Resources:
    """Return what to do in the stack that has the endpoint."""
    where = f"the AWS::EC2::VPCEndpoint {change.vpc_endpoint_id}"
    return f"PolicyDocument of {where} = {change.policy}"


def template_bucket_policy(change: ch.SetBucketPolicy) -> Resources:
    """Return what to do in the stack that has the policy: a bucket has one only."""
    where = f"the AWS::S3::BucketPolicy of {change.bucket}"
    return f"PolicyDocument of {where} = {change.policy}"


AWS_CLI = (api_policy, endpoint_policy, bucket_policy)
TERRAFORM = (terraform_api_policy, terraform_endpoint_policy, terraform_bucket_policy)
CLOUDFORMATION = (template_api_policy, template_endpoint_policy, template_bucket_policy)
