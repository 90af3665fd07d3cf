"""A machine that asks AWS by AWS's own SDK: client.py CA < CALLS.

CALLS is a JSON list of what to ask, in order: "service", "operation", "parameters", "keys" as the metadata service gives
them (none: unsigned), "addresses" by name, in place of a resolver, "clock": seconds that the machine is ahead.
Prints a list of what came: "status", "code", "headers", and "body" or what is in it.
"""

import datetime
import json
import socket
import sys

import boto3
import botocore.auth
import botocore.config
import botocore.exceptions

[ca] = sys.argv[1:]
look_up = socket.getaddrinfo


def ask(call):
    addresses, behind = call["addresses"], datetime.timedelta(seconds=call.get("clock", 0))
    socket.getaddrinfo = lambda host, *more, **named: look_up(
        next((addresses[name] for name in addresses if f".{host}".endswith(f".{name}")), host), *more, **named
    )
    now = lambda remove_tzinfo=True: (datetime.datetime.now(datetime.timezone.utc) + behind).replace(
        tzinfo=None if remove_tzinfo else datetime.timezone.utc
    )
    botocore.auth.get_current_datetime = now
    keys = call.get("keys")
    client = boto3.client(
        call["service"],
        region_name="eu-west-1",
        verify=ca,
        aws_access_key_id=keys and keys["AccessKeyId"],
        aws_secret_access_key=keys and keys["SecretAccessKey"],
        aws_session_token=keys and keys["Token"],
        config=botocore.config.Config(
            retries={"total_max_attempts": 1},
            connect_timeout=5,
            request_checksum_calculation="when_required",
            **({} if keys else {"signature_version": botocore.UNSIGNED}),
        ),
    )
    try:
        answer = getattr(client, call["operation"])(**call["parameters"])
    except botocore.exceptions.ClientError as error:
        answer = error.response
    except botocore.exceptions.ConnectionError as error:
        return {"status": 0, "code": type(error).__name__, "headers": {}, "body": None}
    about = answer.pop("ResponseMetadata")
    body = answer["Body"].read().decode("latin-1") if "Body" in answer else answer.get("SecretString")
    code = answer.get("Error", {}).get("Code", "")
    return {"status": about["HTTPStatusCode"], "code": code, "headers": about["HTTPHeaders"], "body": body}


print(json.dumps([ask(call) for call in json.load(sys.stdin)]))
