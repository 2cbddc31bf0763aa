"""Whom an address on the network stands for, where visitors are counted."""

from __future__ import annotations

import ipaddress


def network_of(host: str) -> str:
    """Name the visitor behind an address; one IPv6 line has billions of addresses, so its /64."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
