"""ROOM: rules read a frozen text and suggest what it says. Pure: language is known here, diseases in the lexicon files."""
