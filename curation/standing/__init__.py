"""ROOM: where an article stands in a project, derived from facts; nothing here is stored."""
