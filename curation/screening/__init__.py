"""ROOM: which articles are in."""
