"""Run a campaign: python tests/campaign.py hostile --size 500 --seed 1 (ends with 1 if it finds a defect).

Each campaign is a module of `campaigns/` with a function `run(size, seed)` that prints its counts and returns
how many defects it found. Its size: texts for each room in the hostile one, builds killed in that of faults,
edits in that of the preview.
"""

from __future__ import annotations

import argparse
import importlib
import sys

CAMPAIGNS = ("hostile", "faults", "serve")


def main() -> int:
    """Run the campaign that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("campaign", choices=CAMPAIGNS)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    run = importlib.import_module(f"campaigns.{arguments.campaign}").run
    return 1 if run(arguments.size, arguments.seed) else 0


if __name__ == "__main__":
    sys.exit(main())
