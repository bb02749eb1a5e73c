"""ROOM: what may be recorded, and in which values."""
