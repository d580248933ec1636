"""IRIs: the same thing gets the same one, in every run and in every article.

An entity's comes from its top class and full name, so that articles meet in it; an event's, a claim's
and a value's from a hash of the article's key and its content; a span's is an RFC 5147 fragment.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from maille.errors import MailleError
from maille.records import Passage
from maille.vocabulary import top_class

DEFAULT_BASE = "https://w3id.org/maille/data/"

_NOT_IN_BASE = re.compile(r"[\s<>\"{}|\\^`?#]")
_PLAIN = re.compile(r"[a-z0-9.' -]+")


def canonical(name: str) -> str:
    """A name without what the press varies: case, accents, apostrophes, spaces ("L’Oréal" -> "l'oreal")."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(bare.casefold().replace("’", "'").split())


def digest(*parts: str, length: int = 16) -> str:
    """The first `length` hexadecimal digits of the SHA-256 of the parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]


def slug(name: str) -> str:
    """A readable IRI segment, one per canonical name; a hash follows where letters alone would not tell."""
    plain = canonical(name)
    readable = re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")
    if _PLAIN.fullmatch(plain) and readable:
        return readable
    return "-".join(filter(None, (readable, digest(plain, length=8))))


@dataclass(frozen=True, slots=True)
class Minter:
    """Makes IRIs under `base`, an absolute IRI that ends in "/"; MailleError for another."""

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        scheme = urlsplit(self.base).scheme
        if not scheme or not self.base.endswith("/") or _NOT_IN_BASE.search(self.base):
            hint = f"give one such as {DEFAULT_BASE}"
            raise MailleError(f"the base {self.base!r} is not an absolute IRI that ends in /", hint)

    @property
    def entities(self) -> str:
        """The named graph that says each entity's types and labels once."""
        return f"{self.base}graph/entities"

    @property
    def inferred(self) -> str:
        """The named graph of what the rules derive."""
        return f"{self.base}graph/inferred"

    @property
    def catalog(self) -> str:
        """The named graph that remembers where each article came from; it is never exported."""
        return f"{self.base}graph/catalog"

    def graph(self, key: str) -> str:
        """The named graph of the article with this key."""
        return f"{self.base}graph/{key[:20]}"

    def article(self, key: str) -> str:
        """The article with this key (80 bits of it: readable, and safe for any archive)."""
        return f"{self.base}article/{key[:20]}"

    def span(self, key: str, passage: Passage) -> str:
        """A passage of the article, by its character offsets (RFC 5147)."""
        return f"{self.article(key)}#char={passage.start},{passage.end}"

    def entity(self, kind: str, name: str) -> str:
        """The entity of this class and full name: "Company", "Banque Vauban" -> entity/organization/banque-vauban."""
        return f"{self.base}entity/{top_class(kind).lower()}/{slug(name)}"

    def content(self, what: str, key: str, *parts: str) -> str:
        """An event, claim or value (`what`) of the article with this key, from its content."""
        return f"{self.base}{what}/{digest(key, *parts)}"
