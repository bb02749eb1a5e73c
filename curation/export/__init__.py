"""ROOM: hand out what is here."""
