"""Prints the oldest version that pyproject.toml allows of each library, as a constraints file of pip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent
EXTRAS = ("test", "cards", "scale")


def main() -> None:
    """Print a line `name==version` for each library; end with an error where one has no lower bound."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for wanted in [*project["dependencies"], *(line for extra in EXTRAS for line in extras.get(extra, []))]:
        found = re.fullmatch(r"([\w-]+)(?:\[[\w,]+\])?>=([\d.]+)", wanted)
        if not found:
            raise SystemExit(f"pyproject.toml: {wanted} has no lower bound.")
        print(f"{found[1]}=={found[2]}")


if __name__ == "__main__":
    main()
