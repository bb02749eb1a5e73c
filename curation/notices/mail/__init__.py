"""What is told by e-mail: who wants what, and the digests that go out."""
