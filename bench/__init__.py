"""Runnable measurements; each prints its table. What they found: docs/performance.md."""
