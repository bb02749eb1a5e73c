"""ROOM: derived values, computed by named rules in three-valued logic."""
