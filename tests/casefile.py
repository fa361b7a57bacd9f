"""Case files: a title, a line with a dot, the input, a dot, what is expected, a dot; then the next."""

from __future__ import annotations

from pathlib import Path


def read_cases(path: Path) -> list[tuple[str, str, str]]:
    """Return title, input and expected text of each case; raise ValueError on one that is not whole."""
    parts: list[list[str]] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line == ".":
            parts.append([])
        else:
            parts[-1].append(line)
    if len(parts) % 3 != 1 or "".join(parts[-1]).strip():
        raise ValueError(f"{path.name}: a case lacks one of its three dots")
    cases = []
    for title, source, expected in zip(parts[0:-1:3], parts[1::3], parts[2::3], strict=True):
        name = " ".join(title).strip()
        if not name:
            raise ValueError(f"{path.name}: a case has no title")
        cases.append((name, "\n".join(source), "\n".join(expected)))
    return cases


def write_cases(path: Path, cases: list[tuple[str, str, str]]) -> None:
    """Write a case file anew, as `pytest --update-golden` does."""
    blocks = (f"{title}\n.\n{source}\n.\n{expected}\n.\n" for title, source, expected in cases)
    path.write_text("\n".join(blocks), encoding="utf-8")
