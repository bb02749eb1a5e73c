"""ROOM: the story of a thing in words: who did what with it, when and why, from the audit trail."""
