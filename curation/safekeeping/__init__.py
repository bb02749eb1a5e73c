"""GUARD: the audit trail proven. Sealed while it grows, verified on demand, replayed into the tables it tells of."""
