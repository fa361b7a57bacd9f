"""What is shown now: an immutable map from paths to contents, replaced in one assignment.

`Preview` is the value, `Board` the one place where it hangs; whoever waits for the next one is woken.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.serve.coming import Coming
from sitegen.serve.excerpts import Shown
from sitegen.serve.rules import Rules


class Preview(Struct, frozen=True):
    """A site as it stands after a build, and what is wrong with the content since."""

    base_path: str = "/"
    """The path under which the site is served, with slashes at both ends."""
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Path of each file, relative to the site's root, and the hash of its content; never changed.

    The hash of a file that was not made yet is empty: see `digest`.
    """
    rules: Rules = field(default_factory=Rules)
    papers: int = 0
    """How many papers the search finds."""
    problems: tuple[Shown, ...] = ()
    """Why the newest content could not be built; empty when `files` is made from it."""
    coming: Coming | None = None
    """Makes files that were not made yet."""

    def digest(self, path: str) -> str:
        """Return the hash of a file's content, which is made now if it has to be; raises `Unmade`."""
        found = self.files[path]
        return found if found or not self.coming else self.coming.digest(path)

    def whole(self) -> Preview:
        """Return the preview with all hashes, once all is made."""
        files = {path: digest or self.digest(path) for path, digest in self.files.items()}
        return replace(self, files=MappingProxyType(files), coming=None)


def count_pages(before: Preview, after: Preview) -> int:
    """Return how many pages are other than before, new or gone."""
    differ = before.files.items() ^ after.files.items()
    return len({path for path, _ in differ if path.endswith(".html")})


class Board:
    """Where the current preview hangs."""

    def __init__(self) -> None:
        self._preview = Preview()
        self._changed = threading.Condition()
        self._is_closed = False

    @property
    def preview(self) -> Preview:
        """The preview that is shown now."""
        return self._preview

    def show(self, preview: Preview) -> None:
        """Replace the preview and wake all who wait for it."""
        with self._changed:
            self._preview = preview
            self._changed.notify_all()

    def wait(self, seen: Preview | None, seconds: float) -> Preview | None:
        """Return the preview once it is another than `seen`, else after some seconds; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._preview is not seen, seconds)
            return None if self._is_closed else self._preview

    def close(self) -> None:
        """Send away all who wait, now and later."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
