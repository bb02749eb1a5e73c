"""DOOR: REST for programs, under /api/v1/. The only place that knows DRF."""
