"""ROOM: what the rules found in an article's text, offered to its reader, who accepts or rejects it."""
