"""How often one visitor may do what costs the server something."""

from __future__ import annotations

import ipaddress
import math
import time

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException
from starlette.requests import Request


class RateLimit:
    """Counts the requests of each address, in memory."""

    def __init__(self, allowance: str) -> None:
        """Allow so much to each address: "20/minute;200/hour"."""
        self._allowances = parse_many(allowance)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, request: Request) -> None:
        """Count a request; raises HTTPException 429, with Retry-After, when it is one too many."""
        visitor = _visitor(request)
        for allowance in self._allowances:
            if not self._limiter.hit(allowance, visitor):
                again = self._limiter.get_window_stats(allowance, visitor).reset_time - time.time()
                seconds = max(1, math.ceil(again))
                raise HTTPException(
                    429, f"太频繁了，请过 {seconds} 秒再试。", {"Retry-After": str(seconds)}
                )


def _visitor(request: Request) -> str:
    """Return what stands for a visitor: the address; of IPv6 the /64, which one household has."""
    host = request.client.host if request.client is not None else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)
