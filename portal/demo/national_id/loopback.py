"""Everything that keeps the simulator on this machine: which hosts count, and how to call them.

Never connects to anything but 127.0.0.1: many resolvers do not know `*.localhost` (RFC 6761 section 6.3).
"""

from urllib.parse import urlencode, urlsplit

import urllib3

ADDRESS = "127.0.0.1"
_TIMEOUT = urllib3.Timeout(connect=2, read=3)


class NotLoopback(ValueError):
    """An address that would leave this machine."""


class Unreachable(ConnectionError):
    """Nobody answered, or not in time."""


def is_loopback(host: str | None) -> bool:
    """Whether a host name can only mean this machine."""
    return host is not None and (host in {"localhost", ADDRESS} or host.endswith(".localhost"))


def is_loopback_url(url: str) -> bool:
    """Whether an absolute http(s) address stays on this machine and hides no user part."""
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = parts.scheme in {"http", "https"} and "@" not in parts.netloc and not parts.fragment
    return plain and port_is_valid and is_loopback(parts.hostname)


def origin(url: str) -> str:
    """Scheme, host and port of an address, as a content security policy writes it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def post_form(url: str, fields: dict[str, str]) -> int:
    """Send a form over plain http and return the status; follows nothing, tries once.

    Raises `NotLoopback` or `Unreachable`. Takes 5 seconds at most per silence.
    """
    parts = urlsplit(url)
    if parts.scheme != "http" or not is_loopback_url(url):
        raise NotLoopback
    with urllib3.HTTPConnectionPool(ADDRESS, parts.port or 80, timeout=_TIMEOUT) as pool:
        try:
            answer = pool.urlopen(
                "POST",
                parts._replace(scheme="", netloc="").geturl() or "/",
                body=urlencode(fields),
                headers={"Host": parts.netloc, "Content-Type": "application/x-www-form-urlencoded"},
                retries=False,
                redirect=False,
                preload_content=False,  # the body is nobody's business and may be endless
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable from error
        answer.close()
        return answer.status
