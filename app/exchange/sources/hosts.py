"""Which machines git may be sent to. Editors name addresses, and the site stands in a network where they could name any."""

from __future__ import annotations

import ipaddress
import socket

from flask_babel import lazy_gettext as _l

from app.config import Config
from app.exchange.trees import UnusableTreeError, host_of


def named_hosts(config: Config) -> frozenset[str]:
    """The hosts that whoever runs the site has named; empty where any public one will do."""
    return frozenset(filter(None, (host.strip().lower() for host in config.source_hosts.split(","))))


def check_name(url: str, config: Config) -> None:
    """Raises UnusableTreeError, for the field `url`, for a host that is not among those that are named."""
    hosts = named_hosts(config)
    if hosts and host_of(url) not in hosts:
        raise UnusableTreeError(
            _l("Repositories can be followed on these hosts alone: %(hosts)s.", hosts=", ".join(sorted(hosts))),
            field="url",
        )


def check_host(url: str, config: Config) -> None:
    """Before git goes there: as `check_name`, and where none is named, every address of the host has to be a public one. Asks the
    network. Raises UnusableTreeError.
    """
    check_name(url, config)
    host = host_of(url)
    if named_hosts(config):
        return
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnusableTreeError(_l("There is no host called %(host)s.", host=host)) from None
    if not all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found):
        raise UnusableTreeError(INSIDE)


INSIDE = _l("This host is inside of the own network. Whoever runs the site can name it in the setting SOURCE_HOSTS.")
