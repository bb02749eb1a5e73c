"""Series: features that share their rows (a blood value with its day, a drug with its dose and response)."""
