"""DOOR: pages for people, rendered on the server. Shape in, refusal out."""
