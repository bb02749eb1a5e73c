"""ROOM: standing searches: a query asked again on a schedule, and how far it is accounted for."""
