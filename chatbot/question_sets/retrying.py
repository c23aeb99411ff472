"""When a server is asked again, and after how long."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Too many questions, and too busy or not ready yet: RFC 6585 and RFC 9110, both with Retry-After.
# And what a proxy says of a server behind it that is just being started again.
WORTH_ANOTHER_TRY = frozenset((429, 502, 503, 504))
# Doubled with each try: half a minute in all after six, which a restart of `wenda serve` takes.
_FIRST_WAIT_SECONDS = 0.5
# No server is waited for longer than this at a time, whatever it asks for.
_LONGEST_WAIT_SECONDS = 60.0


def wait_seconds(retry: int, retry_after: str | None) -> float:
    """Return how long to wait before retry number `retry` (from 0), at most a minute.

    `retry_after` is the header of that name: seconds or an HTTP date; what is neither is ignored.
    """
    asked = _seconds(retry_after)
    seconds = _FIRST_WAIT_SECONDS * 2**retry if asked is None else asked
    return min(max(seconds, 0.0), _LONGEST_WAIT_SECONDS)


def _seconds(retry_after: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, None where it asks for nothing."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if until.tzinfo is None:  # "-0000" is UTC too
        until = until.replace(tzinfo=UTC)
    return (until - datetime.now(UTC)).total_seconds()
