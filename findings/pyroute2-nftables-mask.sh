#!/usr/bin/env bash
# pyroute2 0.9.7 (PyPI): a rule for a network whose prefix length is no multiple of 8 gets a mask that is none.
#
# Expected: nftables.expressions.ipv4addr(src="10.64.0.0/14") compares the source's first 14 bits, as nft does.
# Seen: the mask's bits are set from the low end of an integer, which is then laid down in the order of a
#   little-endian processor. /8, /16, /24 and /32 come out right and hide it. /14 becomes 255.63.0.0; the compared
#   address keeps bits that the mask clears, so the rule loads and matches no address at all.
#   nft shows such a rule as `ip saddr & 255.63.0.0 == 10.64.0.0`.
# Output seen, on x86-64:
#   10.64.0.0/14: 255.63.0.0 instead of 255.252.0.0, 10.64.0.1 does not match
#   198.51.96.0/20: 255.255.15.0 instead of 255.255.240.0, 198.51.96.1 does not match
#   198.51.100.0/24: 255.255.255.0, 198.51.100.1 matches
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir"
"$dir/bin/pip" --quiet --disable-pip-version-check install pyroute2==0.9.7

saw=$("$dir/bin/python" - <<'PYTHON'
from ipaddress import IPv4Address, IPv4Network

from pyroute2.nftables.expressions import ipv4addr


def value(expressions, name, attribute):
    """The bytes of one attribute of the expression of this name."""
    for expression in expressions:
        attrs = dict(expression['attrs'])
        if attrs['NFTA_EXPR_NAME'] == name:
            return dict(attrs['NFTA_EXPR_DATA']['attrs'])[attribute]['attrs'][0][1]


for text in '10.64.0.0/14', '198.51.96.0/20', '198.51.100.0/24':
    network = IPv4Network(text)
    rule = ipv4addr(src=text)
    mask = IPv4Address(value(rule, 'bitwise', 'NFTA_BITWISE_MASK'))
    compared = IPv4Address(value(rule, 'cmp', 'NFTA_CMP_DATA'))
    right = '' if mask == network.netmask else f' instead of {network.netmask}'
    matches = int(network[1]) & int(mask) == int(compared)
    print(f'{text}: {mask}{right}, {network[1]} {"matches" if matches else "does not match"}')
PYTHON
)
printf '%s\n' "$saw"

[ "$saw" = '10.64.0.0/14: 255.63.0.0 instead of 255.252.0.0, 10.64.0.1 does not match
198.51.96.0/20: 255.255.15.0 instead of 255.255.240.0, 198.51.96.1 does not match
198.51.100.0/24: 255.255.255.0, 198.51.100.1 matches' ] || { echo 'This has changed.' >&2; exit 1; }
