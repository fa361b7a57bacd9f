"""The judges' versions are held by hashes, without the address of any registry."""

from __future__ import annotations

import json

from browser.tools import HERE


def test_lock_file_names_hashes_and_no_address() -> None:
    packages = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    installed = {name: package for name, package in packages.items() if name}
    assert len(installed) > 3
    assert [name for name, package in installed.items() if "resolved" in package] == []
    assert [name for name, package in installed.items() if "integrity" not in package] == []
