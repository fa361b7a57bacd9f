"""sitegen: a static site generator for a curated reading digest of research papers."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("sitegen")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0+unknown"
