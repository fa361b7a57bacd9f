"""What Zotero saves from a page, by the rules of its translators "Embedded Metadata" and "RDF".

Those rules, as their source has them, for the tags that a page of ours can have; tests/browser/test_zotero.py
asks Zotero's own translation-server, where there is one.
"""

from __future__ import annotations

from typing import Any

from sitecheck import Element

_VOCABULARIES = {"og", "article", "eprints", "dc", "z"}
"""Prefixes that it knows; a property becomes lower case in its first letter."""
_HIGHWIRE = {
    "title": "citation_title",
    "date": "citation_publication_date",
    "abstractNote": "citation_abstract",
    "DOI": "citation_doi",
    "url": "citation_public_url",
}
"""These win over all other vocabularies."""
_RDF = {
    "title": ("dc.title", "eprints.title", "og.title"),
    "date": ("eprints.date", "og.published_time", "article.published_time", "dc.date"),
    "abstractNote": ("eprints.abstract", "og.description", "dc.description"),
    "url": ("eprints.official_url", "og.url"),
    "section": ("article.section",),
}
"""The first that a page has counts."""


def saved(root: Element) -> dict[str, Any]:
    """Return the item that is saved from a page: type, creators, and the fields that hold something."""
    tags: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name, content = meta.get("name") or meta.get("property") or "", meta.get("content", "")
        tags.setdefault(_name(name), []).append(content)
    item: dict[str, Any] = {"itemType": _type(tags)}
    for field, names in _RDF.items():
        item[field] = next((tags[name][0] for name in names if name in tags), "")
    for field, name in _HIGHWIRE.items():
        item[field] = tags.get(name, [""])[0] or item.get(field, "")
    item |= {name[2:]: values[0] for name, values in tags.items() if name.startswith("z.")}
    item["abstractNote"] = item["abstractNote"] or tags.get("description", [""])[0]
    times = [time.get("datetime", "") for time in root.iter("time")]
    item["date"] = item["date"] or next(iter(times), "")
    creators = tags.get("citation_author") or tags.get("eprints.creators_name") or _byline(root)
    return {name: value for name, value in item.items() if value} | {"creators": creators}


def _name(written: str) -> str:
    for mark in ".:":
        prefix, found, rest = written.partition(mark)
        if found and prefix.lower() in _VOCABULARIES:
            return f"{prefix.lower()}.{rest[:1].lower()}{rest[1:]}"
    return written


def _type(tags: dict[str, list[str]]) -> str:
    """Return the type of the item, by the first rule that knows one."""
    if "z.itemType" in tags:
        return tags["z.itemType"][0]
    if tags.get("eprints.type") == ["article"]:
        return "journalArticle"
    if tags.get("og.type") == ["website"]:
        return "webpage"
    if "dc.type" in tags:
        return tags["dc.type"][0]
    return "journalArticle" if "citation_title" in tags else "webpage"


def _byline(root: Element) -> list[str]:
    """Return what looks like the line of authors on a page that names none in its head."""
    lines = root.xpath("//*[contains(@class, 'byline') or contains(@class, 'vcard')]")
    return [line.text_content() for line in lines or root.xpath("//a[@rel='author']")]
