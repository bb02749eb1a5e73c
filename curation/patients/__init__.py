"""ROOM: who is who. Patients merged within a reading, put in order, and known to be the same person across articles."""
