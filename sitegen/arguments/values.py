"""Values of the command line: a text to what it means, or `ArgumentTypeError` with an example.

Days are days, numbers are in their range, an address is one.
"""

from __future__ import annotations

import os
import re
from argparse import ArgumentTypeError
from datetime import date

from sitegen.config import is_site_url


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def jobs(text: str) -> int:
    """Return a number of processes."""
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        raise ArgumentTypeError(f"“{text}” is not a number of processes, such as 2")
    return int(text)


def executor(text: str) -> str:
    """Return the address of an executor."""
    found = re.fullmatch(r"dask://([\w.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})", text, re.ASCII)
    if not found or not 1 <= int(found[2]) <= 65535:
        raise ArgumentTypeError(f"“{text}” is no executor such as dask://localhost:8786")
    return text


def limit(text: str) -> int:
    """Return a number of papers."""
    if not re.fullmatch(r"[1-9]\d{0,6}", text, re.ASCII):
        raise ArgumentTypeError(f"“{text}” is not a number of papers, such as 20")
    return int(text)


def day(text: str) -> date:
    """Return a day."""
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a day such as 2025-12-09") from None


def year(text: str) -> int:
    """Return a year."""
    if not re.fullmatch(r"(19|20)\d\d", text, re.ASCII):
        raise ArgumentTypeError(f"“{text}” is not a year such as 2025")
    return int(text)


def week(text: str) -> str:
    """Return the name of a week, as its address has it."""
    if not re.fullmatch(r"\d{4}-[wW](0[1-9]|[1-4]\d|5[0-3])", text, re.ASCII):
        raise ArgumentTypeError(f"“{text}” is not a week such as 2025-w50")
    return text.lower()


def address(text: str) -> str:
    """Return the address of a site."""
    if not is_site_url(text):
        example = "https://digest.example/"
        raise ArgumentTypeError(f"“{text}” is not the address of a site, such as {example}")
    return text


def port(text: str) -> int:
    """Return a port."""
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"“{text}” is not a port, which is a number from 1 to 65535")
    return int(text)
