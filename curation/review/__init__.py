"""ROOM: settle and publish. Rulings on readings, and the findings they make."""
