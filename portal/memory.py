"""How a process that serves pages looks for its garbage."""

import gc


def settle() -> None:
    """Leave alone what is loaded by now, and look less often.

    A page makes thousands of rows and drops them all; each round of the collector over everything loaded would cost it
    more than its template. And what the collector touches after a fork is no longer shared.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
