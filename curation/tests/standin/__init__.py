"""A stand-in for NCBI on this machine: answers EFetch from recorded records, and misbehaves on command."""
