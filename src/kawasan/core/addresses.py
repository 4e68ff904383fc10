"""Where a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

SUBNET = 64  # bits of an IPv6 address that one household or office has to itself


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: as the proxy says, if one does, else as the connection says."""
    said = request.headers.get(settings.ADDRESS_HEADER, "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return request.META.get("REMOTE_ADDR") or "127.0.0.1"  # a server that listens at a file knows no address


def network(request: HttpRequest) -> str:
    """The address, or of IPv6 the network: whoever has one has all its addresses."""
    address = ipaddress.ip_address(client_address(request))
    return str(ipaddress.ip_network((address, SUBNET), strict=False)) if address.version == 6 else str(address)
