"""What a server allows: one frozen record."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from maille.errors import MailleError


@dataclass(frozen=True, slots=True)
class Settings:
    """`store` is the folder of the store; times are in seconds, sizes in bytes.

    `token` is empty where the graph is only read; whoever sends it as a bearer token may change the graph.
    `timeout` bounds the time a query computes, `max_result` what it may answer, `max_body` what a request may
    send, `memory` what one query may take. `cors` lists the origins whose pages may read the answers ("*": all).
    """

    store: Path
    host: str = "127.0.0.1"
    port: int = 8000
    token: str = ""
    timeout: float = 30.0
    workers: int = 2
    max_result: int = 256 << 20
    max_body: int = 16 << 20
    memory: int = 4 << 30
    cors: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("timeout", "workers", "max_result", "max_body", "memory"):
            if getattr(self, name) <= 0:
                raise MailleError(f"{name.replace('_', '-')} must be more than 0, not {getattr(self, name)}")
        if not 0 <= self.port < 65536:
            raise MailleError(f"{self.port} is no port", "give a number from 1 to 65535, or 0 for a free one")

    @property
    def updates(self) -> bool:
        """Whether the graph may be changed."""
        return bool(self.token)

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """The Host headers answered to: on loopback only its own names, so that no foreign page's name leads here."""
        if self.hosts:
            return (*self.hosts, "localhost", "127.0.0.1", "[::1]")
        return ("localhost", "127.0.0.1", "[::1]", self.host) if is_loopback(self.host) else ("*",)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
