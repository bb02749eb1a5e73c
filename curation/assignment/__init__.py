"""ROOM: who reads what, and by when."""
