"""One allowance of requests for all workers together: each start takes the next free moment from Redis."""

import threading
import time
from collections.abc import Callable

import redis

#: Takes the next free moment and says how many microseconds away it is. Redis's own clock, so that machines agree.
TAKE = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local free = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
redis.call('SET', KEYS[1], string.format('%.0f', free + ARGV[1]), 'PX', 600000)
return string.format('%.0f', free - now)
"""


class Limiter:
    """Without Redis it spaces the requests of its own process, which is as much as can be known then."""

    def __init__(self, *, url: str, key: str, per_second: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self.client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=1)
        self.key = key
        self.interval = 1 / per_second
        self.sleep = sleep
        self.lock = threading.Lock()
        self.free = 0.0

    def wait(self) -> None:
        """Return when the next request may start."""
        self.sleep(self._seconds_to_wait())

    def _seconds_to_wait(self) -> float:
        try:
            return float(self.client.eval(TAKE, 1, self.key, int(self.interval * 1_000_000))) / 1_000_000
        except redis.RedisError:
            with self.lock:
                now = time.monotonic()
                free = max(now, self.free)
                self.free = free + self.interval
            return free - now
