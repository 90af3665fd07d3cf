#!/usr/bin/env bash
# moto 5.2.5 with boto3 1.44.5 (PyPI): a security group's rule for GRE is taken with ports only, which GRE has not.
#
# Expected: IpProtocol 47 without FromPort and ToPort is the plain way to let GRE in. EC2's model, in botocore, says
#   that ports must be given for tcp, udp and icmp, and are of no account for other numbers; moto plays EC2.
# Seen: the call ends in Python's TypeError instead of an answer or an error of EC2, for 50 (ESP) as well. With ports
#   that mean nothing it passes, and moto tells rules for 47 apart by them: 0 to 0 and -1 to -1 stand side by side,
#   where a second rule for TCP 1723 is a duplicate.
# Output seen:
#   model: For tcp, udp, and icmp, you must specify a port range.
#   47 without ports: TypeError
#   50 without ports: TypeError
#   47 from 0 to 0: allowed
#   47 from -1 to -1: allowed
#   tcp from 1723 to 1723: allowed
#   tcp from 1723 to 1723: InvalidPermission.Duplicate
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir"
"$dir/bin/pip" --quiet --disable-pip-version-check install 'moto[ec2]==5.2.5' boto3==1.44.5 botocore==1.44.5

saw=$(AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none "$dir/bin/python" - <<'PYTHON'
import re

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

with mock_aws():
    ec2 = boto3.client('ec2', region_name='eu-west-1')
    model = ec2.meta.service_model.shape_for('IpPermission').members['IpProtocol'].documentation
    print('model:', re.search(r'For <code>tcp</code>, .*?\.', model)[0].replace('<code>', '').replace('</code>', ''))
    vpc = ec2.create_vpc(CidrBlock='10.42.0.0/16')['Vpc']['VpcId']
    group = ec2.create_security_group(GroupName='tunnels', Description='tunnels', VpcId=vpc)['GroupId']
    for protocol, ports in (('47', None), ('50', None), ('47', 0), ('47', -1), ('tcp', 1723), ('tcp', 1723)):
        rule = {'IpProtocol': protocol, 'IpRanges': [{'CidrIp': '198.51.100.0/24'}]}
        said = 'without ports'
        if ports is not None:
            rule |= {'FromPort': ports, 'ToPort': ports}
            said = f'from {ports} to {ports}'
        try:
            ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
            print(f'{protocol} {said}: allowed')
        except ClientError as error:
            print(f'{protocol} {said}: {error.response["Error"]["Code"]}')
        except TypeError as error:
            print(f'{protocol} {said}: {type(error).__name__}')
PYTHON
)
printf '%s\n' "$saw"

[ "$saw" = 'model: For tcp, udp, and icmp, you must specify a port range.
47 without ports: TypeError
50 without ports: TypeError
47 from 0 to 0: allowed
47 from -1 to -1: allowed
tcp from 1723 to 1723: allowed
tcp from 1723 to 1723: InvalidPermission.Duplicate' ] || { echo 'This has changed.' >&2; exit 1; }
