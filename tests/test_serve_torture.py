"""A sample of the campaign of the preview; `tests/campaigns/serve.py` makes hundreds of edits."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaigns.serve import Counts, torture


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors by /proc")
def test_after_each_quiet_the_preview_equals_a_clean_build(tmp_path: Path) -> None:
    torture(tmp_path, 10, 6, Counts())
