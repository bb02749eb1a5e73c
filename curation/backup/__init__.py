"""ROOM: a whole site in one file, and back. The database as PostgreSQL's own programs write it, the files beside it."""
