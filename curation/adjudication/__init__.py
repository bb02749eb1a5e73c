"""ROOM: two blind readings of one article become one public record. Who is who, what holds where they differ, and why."""
