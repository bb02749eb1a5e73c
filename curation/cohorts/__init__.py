"""ROOM: ask, with honest counts."""
