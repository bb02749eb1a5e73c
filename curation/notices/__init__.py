"""ROOM: who is told of what, on the site and by e-mail."""
