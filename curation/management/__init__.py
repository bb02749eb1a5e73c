"""DOOR: commands for operators."""
