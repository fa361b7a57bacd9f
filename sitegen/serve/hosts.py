"""Which names a preview answers to. A page elsewhere may let its own name lead to this machine.

Then its scripts could read the preview as if it were theirs (DNS rebinding). A number is no such name.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit


def is_own_host(header: str, *, is_open: bool) -> bool:
    """Tell whether the `Host` of a request is this machine: a number, localhost, or its name if `is_open`."""
    try:
        name = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        own = socket.gethostname().lower().partition(".")[0]
        return is_open and name in (socket.gethostname().lower(), own, f"{own}.local")
    return True


def network_address() -> str:
    """Return the address by which others on the network reach this machine, or nothing; sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation: nobody is there
        except OSError:
            return ""
        return str(probe.getsockname()[0])
