"""What a visitor's own article may cost, and when visitors may bring one at all."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

# Five megabytes of text are a long book; the time to encode it (some 2,500 characters a second on
# two cores) is what really limits an article, and a visitor does not wait longer than a minute.
MEGABYTES = 5.0
SECONDS = 60.0
MINUTES = 30.0


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Limits on articles that visitors bring.

    An article may have `megabytes`, may take `seconds` to read and encode, and is dropped after
    `minutes` in which nobody asked about it. All visitors' articles together may have
    `characters`, and there may be `articles` of them; beyond that the one longest unused goes.
    `formats` are the suffixes of the files that are taken (".md"), none for all that can be read.
    """

    megabytes: float = MEGABYTES
    seconds: float = SECONDS
    minutes: float = MINUTES
    articles: int = 50
    characters: int = 5_000_000
    formats: tuple[str, ...] = ()

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
