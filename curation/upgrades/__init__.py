"""ROOM: a project moved to another version of its codebook, and the values that its mapping leaves for a person."""
