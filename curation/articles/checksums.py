"""What a .md5 file says: as PubMed writes it, as md5sum does, or the bare digest. Pure."""

import re

from curation.errors import Fault, Invalid

DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", re.IGNORECASE)
NO_DIGEST = "The .md5 file names no MD5: 32 letters and digits. Fetch it again, or import without it."


def md5_in(text: str) -> str:
    """The digest in lower case; empty where there is no text. Raises Invalid for a text without one."""
    if not text.strip():
        return ""
    found = DIGEST.search(text)
    if found is None:
        raise Invalid(NO_DIGEST, faults=[Fault("md5", "names no MD5")])
    return found[0].lower()
