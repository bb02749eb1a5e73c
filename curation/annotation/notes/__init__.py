"""What a moderator asks of a reading that was sent back, and the reader's answers."""
