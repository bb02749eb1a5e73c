"""DOOR: Django's admin: look at everything, change only through the same actions."""
