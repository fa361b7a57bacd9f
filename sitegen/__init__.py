"""sitegen: a static site generator for a curated reading digest of research papers."""


def __getattr__(name: str) -> str:
    """Return `__version__`, looked up when it is asked for: that takes as long as half an unchanged build."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("sitegen")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0+unknown"
