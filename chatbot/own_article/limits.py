"""What a visitor's own article may cost, and when visitors may bring one at all."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Limits on articles that visitors bring.

    An article may have `megabytes`, may take `seconds` to read and encode, and is dropped after
    `minutes` in which nobody asked about it. All visitors' articles together may have
    `characters`, and there may be `articles` of them; beyond that the one longest unused goes.
    """

    megabytes: float = 5.0
    seconds: float = 60.0
    minutes: float = 30.0
    articles: int = 50
    characters: int = 5_000_000

    @property
    def bytes(self) -> int:
        """The largest file, in bytes."""
        return int(self.megabytes * 1024 * 1024)


def offered_by_default(host: str, allowed_hosts: Sequence[str]) -> bool:
    """Say whether visitors may bring articles where the operator did not say: to this machine only.

    A server that answers to further names stands behind a proxy, and is as public as that.
    """
    if allowed_hosts:
        return False
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
