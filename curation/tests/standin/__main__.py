"""``python -m curation.tests.standin [FOLDER] [--port N]``: run it until Ctrl-C."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path

from curation.tests.standin.server import MISBEHAVIOURS, Standin

RECORDED = Path(__file__).parents[1] / "data" / "pubmed"


def main() -> None:
    parser = ArgumentParser(
        description=f"Answer as NCBI does. POST next=… to /behave and it misbehaves: {', '.join(MISBEHAVIOURS)}."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=RECORDED, help="of PubMed XML files")
    parser.add_argument("--port", type=int, default=0, help="any free one otherwise")
    given = parser.parse_args()
    with Standin(given.folder, given.port) as standin:
        told = (f"NCBI_BASE_URL={standin.url}", f"IDCONV_BASE_URL={standin.idconv_url}", f"# {len(standin.library)} records")
        sys.stdout.write("\n".join((*told, "# Ctrl-C ends it", "")))
        sys.stdout.flush()
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
