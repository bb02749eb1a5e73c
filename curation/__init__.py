"""Casebook's one app: published case reports in, settled and quotable findings out."""
