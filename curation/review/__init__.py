"""ROOM: settle and publish."""
