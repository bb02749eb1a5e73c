"""A stand-in for NCBI on this machine: its utilities over a folder of recorded records; it misbehaves on command."""
