"""The rules of the W3C feed validator that concern feeds like ours, as functions over a parsed feed.

`check_feed` takes the bytes of an Atom, RSS 2.0 or JSON feed and its address and returns what is wrong,
each message under the name that the validator has for it; those of JSON Feed, which it does not know,
follow the text of its version 1.1 (jsonfeed.org). Errors and warnings count alike. Some rules are
stricter: every address is absolute, every language is given, no document type, no style sheet, HTML
that is nested as XML would be. Left out:

- DuplicateUpdated (two entries with the same `updated`): our dates are days, and many papers share one;
  the validator itself says that no action is necessary then.
- NotHtml for the elements of MathML inside HTML: its list of elements is older than HTML 5.
- ContainsHTML for the name of an Atom author and the label of a category, which are plain text by
  RFC 4287, whatever they look like.
- ImplausibleDate for the future: a test must not look at the clock.
- podcasts, geography, RSS 1.0 and other things of which we write nothing; an element of theirs is an
  UndefinedElement or an UnknownNamespace here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from html.entities import name2codepoint
from html.parser import HTMLParser
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
PREFIXES = {"atom": ATOM, "content": CONTENT, "dc": DC, "fh": HISTORY}

Element = etree._Element
Messages = Iterator[str]


@dataclass(frozen=True)
class Document:
    """A feed as read: its tree, its lines as written, and the address at which it is served."""

    root: Element
    lines: list[str]
    url: str

    @property
    def head(self) -> Element:
        return self.root if self.root.tag == f"{ATOM}feed" else self.root.find("channel")

    @property
    def entries(self) -> list[Element]:
        return [element for element in self.head if element.tag in (f"{ATOM}entry", "item")]


def check_feed(data: bytes, url: str) -> list[str]:
    """Return what is wrong with a feed served at `url`; an empty list means that it is valid."""
    if data[:1] == b"{":
        return list(check_json(data, url))
    if broken := list(_encoding(data)):
        return broken
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [f"SAXError: {error}"]
    rules = {f"{ATOM}feed": ATOM_RULES, "rss": RSS_RULES}.get(root.tag)
    if rules is None:
        return [f"UndefinedElement: the root is {root.tag}"]
    if root.tag == "rss" and root.find("channel") is None:
        return ["MissingElement: channel"]
    document = Document(root, data.decode().split("\n"), url)
    return [message for rule in rules for message in rule(document)]


def _encoding(data: bytes) -> Messages:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"UnicodeError: {error}"
        return
    declared = re.match(r"""<\?xml version=["']1\.0["'] encoding=["']([\w-]+)["']""", text)
    if not declared:
        yield "MissingEncoding: no XML declaration at the very beginning"
    elif declared[1].upper() != "UTF-8":
        yield f"NotUTF8: {declared[1]}"
    if "<!DOCTYPE" in text:
        yield "DeprecatedDTD: a document type"
    if re.search(r"<\?(?!xml )", text):
        yield "ProcessingInstruction: no style sheet belongs in a feed"


# What both formats share.


def _characters(document: Document) -> Messages:
    for element in document.root.iter(etree.Element):
        for text in (element.text or "", element.tail or "", *element.attrib.values()):
            if bad := re.search("[\x80-\x9f\ufffd]", text):
                yield f"BadCharacters: {bad[0]!a} in {_name(element)}"


def _namespaces(document: Document) -> Messages:
    for element in document.root.iter(etree.Element):
        space = f"{{{etree.QName(element).namespace}}}"
        if "}" in element.tag and space not in PREFIXES.values():
            yield f"UnknownNamespace: {element.tag}"
        for prefix, uri in element.nsmap.items():
            if prefix in PREFIXES and PREFIXES[prefix] != f"{{{uri}}}":
                yield f"ReservedPrefix: {prefix} for {uri}"
            if prefix and f"{{{uri}}}" in PREFIXES.values() and PREFIXES.get(prefix) != f"{{{uri}}}":
                yield f"AvoidNamespacePrefix: {prefix} for {uri}"


def _links(document: Document) -> Messages:
    for link in document.root.iter(f"{ATOM}link"):
        rel, kind, href = link.get("rel", "alternate"), link.get("type"), link.get("href")
        if href is None:
            yield "MissingHref: a link without href"
        elif not _is_address(href):
            yield f"{'RelativeSelf' if rel == 'self' else 'InvalidIRI'}: the {rel} link {href!r}"
        if rel not in LINK_RELATIONS:
            yield f"UnregisteredAtomLinkRel: {rel!r}"
        if kind is not None and not MEDIA_TYPE.match(kind):
            yield f"InvalidMIMEType: {kind!r}"
        elif rel == "self" and kind not in (None, "application/atom+xml", "application/rss+xml"):
            yield f"SelfNotAtom: {kind}"
        if _text(link) or len(link):
            yield "AtomLinkNotEmpty: a link with content"
        if link.get("title") is not None and not link.get("title", "").strip():
            yield "AttrNotBlank: a link with an empty title"
        if rel in FEED_LINK_RELATIONS and link.getparent() is not document.head:
            yield f"FeedHistoryRelInEntry: {rel}"
        if unknown := set(link.attrib) - {"href", "rel", "type", "hreflang", "title", "length"}:
            yield f"UnexpectedAttribute: {unknown} of a link"


def _self_link(document: Document) -> Messages:
    addresses = [link.get("href") for link in document.head.findall(f"{ATOM}link[@rel='self']")]
    if not addresses:
        yield f"{'MissingSelf' if document.root is document.head else 'MissingAtomSelfLink'}: no self link"
    if len(addresses) > 1:
        yield "DuplicateAtomLink: two self links"
    for address in addresses:
        if address != document.url:
            yield f"SelfDoesntMatchLocation: {address} is served at {document.url}"


def _html(element: Element) -> Messages:
    yield from (f"{message}, in {_name(element)}" for message in _html_messages(element.text or ""))


def _html_messages(html: str) -> list[str]:
    reader = _HtmlReader()
    reader.feed(html)
    reader.close()
    return [*reader.messages, *(f"NotHtml: <{tag}> stays open" for tag in reader.open)]


class _HtmlReader(HTMLParser):
    """Reads the HTML of an entry and notes what is not well formed, not safe or not absolute."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.messages: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HTML_ELEMENTS | MATHML_ELEMENTS:
            self.messages.append(f"SecurityRisk: <{tag}>")
        if tag not in VOID_ELEMENTS:
            self.open.append(tag)
        for name, count in Counter(name for name, _ in attrs).items():
            if count > 1:
                self.messages.append(f"NotHtml: {name} twice on <{tag}>")
        for name, value in attrs:
            self._attribute(name, value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID_ELEMENTS:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.messages.append(f"NotHtml: </{tag}> closes nothing")

    def handle_comment(self, data: str) -> None:
        self.messages.append(f"NotHtml: a comment, {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.messages.append(f"NotHtml: a declaration, {decl!r}")

    def unknown_decl(self, data: str) -> None:
        self.messages.append(f"NotHtml: a marked section, {data!r}")

    def handle_pi(self, data: str) -> None:
        self.messages.append(f"SecurityRisk: an instruction, {data!r}")

    def _attribute(self, name: str, value: str) -> None:
        if name.startswith("on"):
            self.messages.append(f"SecurityRiskAttr: {name}")
        elif name == "style" and not SAFE_STYLE.match(value):
            self.messages.append(f"DangerousStyleAttr: {value!r}")
        elif name.rpartition(":")[2] in URL_ATTRIBUTES:
            scheme = re.match(r"\s*([\w+.-]+):", value)
            if not scheme:
                self.messages.append(f"ContainsRelRef: {value!r}")
            elif scheme[1].lower() not in ("http", "https", "mailto"):
                self.messages.append(f"SecurityRiskAttr: {name} {value!r}")
            elif re.search(r"[\s<>]", value):
                self.messages.append(f"InvalidUriChar: {value!r}")


# Atom: RFC 4287 and RFC 5005.


def _atom_elements(document: Document) -> Messages:
    yield from _children(document.head, ATOM_FEED, f"{ATOM}entry")
    for entry in document.entries:
        yield from _children(entry, ATOM_ENTRY)
    first = next((i for i, child in enumerate(document.head) if child.tag == f"{ATOM}entry"), None)
    for child in document.head[first:] if first is not None else []:
        if child.tag != f"{ATOM}entry":
            yield f"MisplacedMetadata: {_name(child)} after the first entry"


def _atom_language(document: Document) -> Messages:
    language = document.root.get(f"{XML}lang")
    if language is None:
        yield "MissingDCLanguage: no xml:lang"
    elif not LANGUAGE.match(language):
        yield f"InvalidLanguage: {language!r}"


def _atom_ids(document: Document) -> Messages:
    ids = [element.text or "" for element in document.root.iter(f"{ATOM}id")]
    for value in ids:
        yield from _id(value)
    yield from (f"DuplicateEntries: {value}" for value, count in Counter(ids).items() if count > 1)


def _atom_dates(document: Document) -> Messages:
    for element in document.root.iter(f"{ATOM}updated", f"{ATOM}published"):
        text = element.text or ""
        try:
            if not RFC_3339.match(text):
                raise ValueError
            moment = datetime.fromisoformat(text)
        except ValueError:
            yield f"InvalidRFC3339Date: {text!r} in {_name(element)}"
        else:
            if moment.year < 1990:
                yield f"ImplausibleDate: {text}"


def _atom_people(document: Document) -> Messages:
    for person in document.root.iter(f"{ATOM}author", f"{ATOM}contributor"):
        yield from _children(person, PERSON)
        name, email = person.find(f"{ATOM}name"), person.find(f"{ATOM}email")
        if name is not None and not _text(name):
            yield "NotBlank: a name"
        if name is not None and re.search(r"<[\w.+-]+@[\w.-]+>", name.text or ""):
            yield f"ContainsEmail: {name.text}"
        if email is not None and not EMAIL.match(email.text or ""):
            yield f"InvalidAddrSpec: {email.text!r}"
    if document.head.find(f"{ATOM}author") is None:
        for entry in document.entries:
            if entry.find(f"{ATOM}author") is None:
                yield "MissingElement: author, in neither the feed nor an entry"


def _atom_texts(document: Document) -> Messages:
    for text in document.root.iter(*(f"{ATOM}{name}" for name in ("title", "subtitle", "summary", "rights"))):
        kind = text.get("type", "text")
        if kind not in ("text", "html"):
            yield f"InvalidTextType: {kind!r} of {_name(text)}"
        if not _text(text):
            yield f"NotBlank: {_name(text)}"
        if kind == "html":
            yield from _html(text)
        elif _looks_like_html(text.text or ""):
            yield f"ContainsUndeclaredHTML: {text.text!r}"


def _atom_content(document: Document) -> Messages:
    for entry in document.entries:
        content, summary = entry.find(f"{ATOM}content"), entry.find(f"{ATOM}summary")
        if content is None:
            if summary is None:
                yield "MissingTextualContent: an entry without content and summary"
            if entry.find(f"{ATOM}link[@rel='alternate']") is None:
                yield "MissingContentOrAlternate: an entry without content and page"
        elif content.get("src") is not None or content.get("type") != "html":
            yield f"InvalidMIMEType: content of type {content.get('type')!r} instead of HTML"
        elif not _text(content):
            yield "NotBlank: content"
        else:
            yield from _html(content)


def _atom_categories(document: Document) -> Messages:
    for category in document.root.iter(f"{ATOM}category"):
        scheme, label = category.get("scheme"), category.get("label")
        if not (category.get("term") or "").strip():
            yield "MissingAttribute: a category without a term"
        if scheme is not None and not _is_address(scheme):
            yield f"InvalidFullLink: scheme {scheme!r}"
        if label is not None and not label.strip():
            yield "AttrNotBlank: a label"
        if _text(category) or len(category):
            yield "UnexpectedText: in a category"


def _atom_alternates(document: Document) -> Messages:
    for element in (document.head, *document.entries):
        links = element.findall(f"{ATOM}link")
        alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
        seen = Counter((link.get("type"), link.get("hreflang")) for link in alternates)
        yield from (f"DuplicateAtomLink: alternate {key}" for key, count in seen.items() if count > 1)


def _atom_archive(document: Document) -> Messages:
    relations = {link.get("rel") for link in document.head.findall(f"{ATOM}link")}
    if document.head.find(f"{HISTORY}archive") is not None:
        if "current" not in relations:
            yield "MissingCurrentInArchive: no current link"
        if not relations & {"prev-archive", "next-archive"}:
            yield "ArchiveIncomplete: no link to another archive document"
    elif relations & {"current", "next-archive"}:
        yield "MissingArchive: links of an archive document without fh:archive"


# RSS 2.0 and its profile.


def _rss_elements(document: Document) -> Messages:
    version = document.root.get("version")
    if version != "2.0":
        yield f"InvalidRSSVersion: {version}" if version else "MissingAttribute: version"
    yield from _children(document.root, {"channel": (1, 1)})
    yield from _children(document.head, RSS_CHANNEL, "item")
    for item in document.entries:
        yield from _children(item, RSS_ITEM)
        if item.find("title") is None and item.find("description") is None:
            yield "ItemMustContainTitleOrDescription: an item"
        if item.find(f"{CONTENT}encoded") is not None and item.find("description") is None:
            yield "NeedDescriptionBeforeContent: an item"
        for core, other in SAME_MEANING:
            if item.find(core) is not None and item.find(other) is not None:
                yield f"DuplicateItemSemantics: {core} and {other.partition('}')[2]}"
    first = next((i for i, child in enumerate(document.head) if child.tag == "item"), None)
    for child in document.head[first:] if first is not None else []:
        if child.tag != "item":
            yield f"MisplacedItem: {_name(child)} after the first item"


def _rss_guids(document: Document) -> Messages:
    guids = [(guid.text or "", guid.get("isPermaLink", "true")) for guid in document.root.iter("guid")]
    for value, permalink in guids:
        if permalink not in ("true", "false"):
            yield f"InvalidBooleanAttribute: isPermaLink {permalink!r}"
        elif permalink == "true" and not value.startswith(("http://", "https://")):
            yield f"InvalidHttpGUID: {value!r} is no address"
        if len(value) < 9 and (value.isdigit() or not value):
            yield f"NotSufficientlyUnique: {value!r}"
        if value.startswith("tag:"):
            yield from _id(value)
    seen = Counter(value for value, _ in guids)
    yield from (f"DuplicateValue: guid {value}" for value, count in seen.items() if count > 1)


def _rss_dates(document: Document) -> Messages:
    for element in document.root.iter("pubDate", "lastBuildDate"):
        match = RFC_822.match(element.text or "")
        try:
            if not match:
                raise ValueError
            day = date(int(match["year"]), MONTHS.index(match["month"]) + 1, int(match["day"]))
        except ValueError:
            yield f"InvalidRFC2822Date: {element.text!r}"
        else:
            if WEEKDAYS[day.weekday()] != match["weekday"]:
                yield f"IncorrectDOW: {element.text}"
            if day.year < 1990:
                yield f"ImplausibleDate: {element.text}"


def _rss_texts(document: Document) -> Messages:
    for text in document.root.iter("title", "description", "category", f"{DC}creator"):
        if not _text(text):
            yield f"NotBlank: {_name(text)}"
        if text.tag == "description" and text.getparent().tag == "item":
            yield from _html(text)
        elif re.search(r"</\w+>", text.text or ""):
            yield f"ContainsHTML: {text.text!r} in {_name(text)}"
        elif re.search(r"&#?\w+|<[/a-zA-Z]", text.text or "") and not _has_hexadecimal(text, document):
            yield f"CharacterData: {text.text!r} in {_name(text)} without &#x26; and &#x3C;"
    for content in document.root.iter(f"{CONTENT}encoded"):
        yield from _html(content)


def _has_hexadecimal(element: Element, document: Document) -> bool:
    first = element.sourceline - 1
    return any("&#x" in line for line in document.lines[first : first + 1 + (element.text or "").count("\n")])


def _rss_links(document: Document) -> Messages:
    for link in (document.head, *document.entries):
        for address in link.findall("link"):
            if not _is_address(address.text or ""):
                yield f"InvalidFullLink: {address.text!r}"
    for category in document.root.iter("category"):
        domain = category.get("domain")
        if domain is not None and not _is_address(domain):
            yield f"InvalidFullLink: domain {domain!r}"


def _rss_language(document: Document) -> Messages:
    language = document.head.findtext("language")
    if language is None:
        yield "MissingDCLanguage: no language"
    elif not LANGUAGE.match(language):
        yield f"InvalidLanguage: {language!r}"


def _rss_people(document: Document) -> Messages:
    for person in document.root.iter("author", "managingEditor", "webMaster"):
        if not re.match(r"\S+@\S+\.\S+ \(.+\)\Z", person.text or ""):
            yield f"InvalidContact: {person.text!r} in {_name(person)}"


# JSON Feed 1.1.


def check_json(data: bytes, url: str) -> Messages:
    """Yield what is wrong with a JSON feed served at `url`."""
    try:
        feed = json.loads(data, object_pairs_hook=_unique)
    except ValueError as error:
        yield f"NotJson: {error}"
        return
    yield from _members(feed, JSON_FEED, "the feed")
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield f"Version: {feed.get('version')!r}"
    if feed.get("feed_url") != url:
        yield f"FeedUrl: {feed.get('feed_url')!r} is served at {url}"
    if not LANGUAGE.match(str(feed.get("language"))):
        yield f"Language: {feed.get('language')!r}"
    items = [item for item in feed.get("items", ()) if isinstance(item, dict)]
    for item in items:
        yield from _members(item, JSON_ITEM, f"the item {item.get('id')!r}")
        if not {"content_html", "content_text"} & item.keys():
            yield f"NoContent: {item.get('id')!r}"
        html = str(item.get("content_html", ""))
        yield from (f"{message}, in content_html" for message in _html_messages(html))
        yield from _id(str(item.get("id", "")))
    for thing in (feed, *items):
        for author in thing.get("authors", ()):
            yield from _members(author, JSON_AUTHOR, "an author")
            if not author:
                yield "EmptyAuthor: an author of whom nothing is said"
    ids = Counter(item.get("id") for item in items)
    yield from (f"DuplicateId: {name!r}" for name, count in ids.items() if count > 1)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if twice := [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]:
        raise ValueError(f"{twice[0]} stands twice")
    return dict(pairs)


def _members(thing: dict[str, object], known: dict[str, tuple[str, bool]], place: str) -> Messages:
    """Check the members of an object: each known one by its kind, and whether it may be missing."""
    for name, (kind, is_required) in known.items():
        if name not in thing:
            if is_required:
                yield f"Missing: {name} of {place}"
        elif not JSON_KINDS[kind](thing[name]):
            yield f"NotA{kind.capitalize()}: {name} of {place} is {thing[name]!r}"
    for name in thing.keys() - known.keys():
        if not name.startswith("_"):
            yield f"Unknown: {name} of {place}"


def _is_day(value: object) -> bool:
    try:
        return bool(isinstance(value, str) and RFC_3339.match(value) and datetime.fromisoformat(value))
    except ValueError:
        return False


# Small things that the rules ask.


def _children(parent: Element, known: dict[str, tuple[int, int]], *repeated: str) -> Messages:
    """Check which elements `parent` has: each known one with its least and greatest number."""
    if _text(parent) or any((child.tail or "").strip() for child in parent):
        yield f"UnexpectedText: in {_name(parent)}"
    counts = Counter(child.tag for child in parent.iterchildren(etree.Element))
    for tag in counts.keys() - known.keys() - set(repeated):
        yield f"UndefinedElement: {tag} in {_name(parent)}"
    for tag, (least, greatest) in known.items():
        if counts[tag] < least:
            yield f"MissingElement: {tag.rpartition('}')[2]} in {_name(parent)}"
        if counts[tag] > greatest:
            yield f"DuplicateElement: {tag.rpartition('}')[2]} in {_name(parent)}"


def _id(value: str) -> Messages:
    if value != value.strip():
        yield f"UnexpectedWhitespace: {value!r}"
    elif value.startswith("tag:"):
        if not TAG_URI.match(value):
            yield f"InvalidTAG: {value!r}"
    elif not _is_address(value):
        yield f"InvalidFullLink: id {value!r}"


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and bool(IRI.match(value))


def _looks_like_html(text: str) -> bool:
    references = re.findall(r"&(#?\w+)", text)
    known = any(name in name2codepoint or name == "apos" or not name.isalpha() for name in references)
    return known or any(tag.lower() in HTML_ELEMENTS | UNSAFE_ELEMENTS for tag in CLOSING.findall(text))


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _name(element: Element) -> str:
    return etree.QName(element).localname


MANY = 1_000_000
ATOM_FEED = {
    f"{ATOM}title": (1, 1), f"{ATOM}id": (1, 1), f"{ATOM}updated": (1, 1), f"{ATOM}subtitle": (0, 1),
    f"{ATOM}generator": (0, 1), f"{ATOM}icon": (0, 1), f"{ATOM}logo": (0, 1), f"{ATOM}rights": (0, 1),
    f"{ATOM}author": (0, MANY), f"{ATOM}category": (0, MANY), f"{ATOM}link": (1, MANY),
    f"{HISTORY}archive": (0, 1),
}  # fmt: skip
ATOM_ENTRY = {
    f"{ATOM}title": (1, 1), f"{ATOM}id": (1, 1), f"{ATOM}updated": (1, 1), f"{ATOM}published": (0, 1),
    f"{ATOM}content": (0, 1), f"{ATOM}summary": (0, 1), f"{ATOM}rights": (0, 1),
    f"{ATOM}author": (0, MANY), f"{ATOM}category": (0, MANY), f"{ATOM}link": (0, MANY),
}  # fmt: skip
PERSON = {f"{ATOM}name": (1, 1), f"{ATOM}email": (0, 1), f"{ATOM}uri": (0, 1)}
RSS_CHANNEL = {
    "title": (1, 1), "link": (1, 1), "description": (1, 1), "language": (0, 1), "lastBuildDate": (0, 1),
    "pubDate": (0, 1), "generator": (0, 1), "docs": (0, 1), "copyright": (0, 1), "ttl": (0, 1),
    "managingEditor": (0, 1), "webMaster": (0, 1), "category": (0, MANY), f"{ATOM}link": (0, MANY),
}  # fmt: skip
RSS_ITEM = {
    "title": (0, 1), "link": (0, 1), "description": (0, 1), "guid": (1, 1), "pubDate": (0, 1),
    "author": (0, 1), "category": (0, MANY), "comments": (0, 1), f"{CONTENT}encoded": (0, 1),
    f"{DC}creator": (0, MANY), f"{DC}date": (0, 1), f"{DC}subject": (0, MANY), f"{ATOM}link": (0, MANY),
}  # fmt: skip
SAME_MEANING = (("author", f"{DC}creator"), ("pubDate", f"{DC}date"), ("category", f"{DC}subject"))
FEED_LINK_RELATIONS = {"current", "first", "last", "next", "next-archive", "prev-archive", "previous"}
LINK_RELATIONS = FEED_LINK_RELATIONS | {
    "alternate", "describedby", "edit", "enclosure", "hub", "license", "payment", "related", "replies",
    "search", "self", "service", "up", "via",
}  # fmt: skip
HTML_ELEMENTS = set(
    "a abbr address article aside audio b bdi blockquote br caption cite code col colgroup data dd del"
    " details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main"
    " mark menu nav ol p picture pre q rp rt ruby s samp section small source span strong sub summary sup"
    " table tbody td tfoot th thead time tr u ul var video wbr".split()
)
UNSAFE_ELEMENTS = {"script", "style", "title", "html", "head", "body", "iframe", "object", "form"}
MATHML_ELEMENTS = set(
    "math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt"
    " mstyle msub msubsup msup mtable mtd mtext mtr munder munderover".split()
)
VOID_ELEMENTS = {"br", "col", "hr", "img", "source", "wbr"}
URL_ATTRIBUTES = {"href", "src", "cite", "poster", "action", "background", "longdesc", "data"}
SAFE_STYLE = re.compile(r"\s*((text-align|vertical-align|white-space|color)\s*:\s*[\w#-]+\s*(;\s*|\Z))*\Z")
CLOSING = re.compile(r"</(\w+)>")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;\s*[\w.+-]+=[\w.+-]+)*\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+\Z")
IRI = re.compile(r"""[^\s<>"{}|\\^`\x00-\x20]+\Z""")
TAG_URI = re.compile(
    r"tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-\d{2}(-\d{2})?)?:[0-9a-zA-Z;/?:@&=+$._!~*'()%,-]*"
    r"(#[0-9a-zA-Z;/?:@&=+$._!~*'()%,-]*)?\Z"
)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z")
RFC_822 = re.compile(
    r"(?P<weekday>[A-Z][a-z]{2}), (?P<day>\d\d?) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4})"
    r" ([01]\d|2[0-3]):[0-5]\d:[0-5]\d (GMT|UT|[+-]\d{4})\Z"
)
JSON_KINDS: dict[str, Callable[[object], bool]] = {
    "text": lambda value: isinstance(value, str) and bool(value.strip()),
    "address": lambda value: isinstance(value, str) and _is_address(value),
    "day": _is_day,
    "list": lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
    "words": lambda value: isinstance(value, list) and all(isinstance(word, str) and word for word in value),
    "truth": lambda value: isinstance(value, bool),
}
JSON_FEED = {
    "version": ("address", True), "title": ("text", True), "items": ("list", True),
    "home_page_url": ("address", True), "feed_url": ("address", True), "description": ("text", False),
    "user_comment": ("text", False), "next_url": ("address", False), "icon": ("address", False),
    "favicon": ("address", False), "authors": ("list", False), "language": ("text", True),
    "expired": ("truth", False), "hubs": ("list", False),
}  # fmt: skip
JSON_ITEM = {
    "id": ("text", True), "url": ("address", True), "external_url": ("address", False),
    "title": ("text", False), "content_html": ("text", False), "content_text": ("text", False),
    "summary": ("text", False), "image": ("address", False), "banner_image": ("address", False),
    "date_published": ("day", True), "date_modified": ("day", True), "authors": ("list", False),
    "tags": ("words", False), "language": ("text", False), "attachments": ("list", False),
}  # fmt: skip
JSON_AUTHOR = {"name": ("text", False), "url": ("address", False), "avatar": ("address", False)}
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()

Rule = Callable[[Document], Messages]
ATOM_RULES: tuple[Rule, ...] = (
    _characters, _namespaces, _atom_elements, _atom_language, _atom_ids, _atom_dates, _atom_people,
    _atom_texts, _atom_content, _atom_categories, _atom_alternates, _atom_archive, _links, _self_link,
)  # fmt: skip
RSS_RULES: tuple[Rule, ...] = (
    _characters, _namespaces, _rss_elements, _rss_language, _rss_guids, _rss_dates, _rss_texts, _rss_links,
    _rss_people, _links, _self_link,
)  # fmt: skip
