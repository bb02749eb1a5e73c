"""ROOM: records in, kept, found again."""
