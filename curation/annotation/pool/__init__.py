"""The pool: who may read what next, and readings that go back to it with their drafts kept."""
