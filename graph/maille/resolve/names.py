"""Which names are variants of one name; two named entities are never merged on a guess."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from maille.language import fold, gender_of_given_name, organization_kind, places_of
from maille.language.places import place_key, place_kind
from maille.language.tables import name_words, rows

_ARTICLE = re.compile(r"^(?:l'|d'|la |le |les |the )(?=\S)")
_EDGES = " «»\"“”'’,;:()[]…"

Words = tuple[str, ...]


@cache
def _honorifics() -> dict[str, str]:
    return {fold(word).rstrip("."): gender for word, gender in rows("honorifics.tsv")}


@cache
def _tails() -> tuple[frozenset[str], frozenset[str]]:
    """Words that change nothing at the head of a company's name, and at its end."""
    table = [(fold(row[0]).strip("."), row[1:] == ("before",)) for row in rows("company_tails.tsv")]
    return frozenset(word for word, _ in table), frozenset(word for word, before in table if not before)


@cache
def _cues() -> dict[str, bool]:
    """Words between two names of one thing -> whether the second must be an acronym."""
    return {re.sub(r"\s+", " ", fold(row[0])).strip(): row[1:] == ("short",) for row in rows("alias_cues.tsv")}


@lru_cache(maxsize=65536)
def clean(surface: str) -> str:
    """A name as written, on one line and without quotation marks and the English possessive."""
    text = re.sub(r"\s+", " ", surface).strip(_EDGES)
    return re.sub(r"(?<=\w)['’]s$", "", text)


@lru_cache(maxsize=65536)
def tokens(name: str) -> Words:
    """A name's words for comparison: folded, without its article, hyphens as spaces."""
    text = _ARTICLE.sub("", fold(clean(name)).strip())
    return tuple(w for w in re.findall(r"[\w&.+]+", text.replace("-", " ").replace("'", " ")) if w.strip("."))


@lru_cache(maxsize=65536)
def person_tokens(name: str) -> Words:
    """The words of a person's name: hyphenated given names stay one word, "M." and "Mme" go."""
    words = re.findall(r"[\w.'-]+", fold(clean(name)))
    while len(words) > 1 and words[0].rstrip(".") in _honorifics():
        words = words[1:]
    return tuple(w for w in words if w.strip(".'-"))


def without_title(name: str) -> str:
    """A person's name as written, without "M." or "Mme" before it."""
    text = clean(name)
    while (head := re.match(r"([\w.]+)\s+(?=\S)", text)) and fold(head[1]).rstrip(".") in _honorifics():
        text = text[head.end() :]
    return text


def honorific_gender(before: str, surface: str) -> str:
    """m or f where a title like "Mme" opens the name or ends the text `before` it, else empty."""
    own = re.match(r"\s*([\w.]+)\s", surface)
    near = re.search(r"([\w.]+)[\s\u00a0]+$", before)
    for match in (own, near):
        gender = _honorifics().get(fold(match[1]).rstrip(".")) if match else None
        if gender in ("m", "f"):
            return gender
    return ""


def gender_of_person(name: str) -> str:
    """m or f by the given name of a full name, empty where it does not tell."""
    words = person_tokens(name)
    gender = gender_of_given_name(words[0]) if len(words) > 1 else ""
    return gender if gender in ("m", "f") else ""


def is_acronym(name: str) -> bool:
    """Whether a name looks like an acronym: two to seven letters, hardly any small ones."""
    letters = [c for c in name if c.isalnum()]
    if not 2 <= len(letters) <= 7 or " " in name:
        return False
    return sum(c.isupper() or c.isdigit() for c in letters) >= len(letters) - 1


def is_short(name: str) -> bool:
    """Whether a name may be an acronym, written in capitals or as a word: BCE, Cnil, Unesco."""
    return is_acronym(name) or bool(re.fullmatch(r"[A-ZÀ-Ý][a-zà-ÿ]{2,6}", name))


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def abbreviates(short: str, long: str) -> bool:
    """Whether `short` is made of the initials of `long`, small words counted or not: BAD, CGT, Cnil."""
    words = tokens(long)
    if len(words) < 2 or not is_short(short) or not (is_acronym(short) or len(short) >= 4):
        return False
    return _spells(_letters(short), [w for w in words if w[0].isalnum()])


def _spells(want: str, words: list[str]) -> bool:
    """Whether the initials of `words` in order, those of small words optional, make `want`."""
    if not words:
        return not want
    takes = bool(want) and words[0][0] == want[0] and _spells(want[1:], words[1:])
    return takes or (words[0] in name_words("small") and _spells(want, words[1:]))


def shares_initials(short: str, long: str) -> bool:
    """Whether three in four initials of the strong words of `long` are in `short`, which has about as many letters."""
    initials = [w[0] for w in tokens(long) if w not in name_words("small")]
    rest = list(_letters(short))
    hits = 0
    for letter in initials:
        if letter in rest:
            rest.remove(letter)
            hits += 1
    return len(initials) >= max(2, len(_letters(short)) - 2) and hits >= 0.75 * len(initials)


def is_descriptive(name: str) -> bool:
    """Whether a name is made of common words, as institutions' names are: several words, some in small letters."""
    strong = [w for w in re.findall(r"[\w-]+", clean(name)) if fold(w) not in name_words("small")]
    return len(strong) >= 2 and len(tokens(name)) >= 3 and any(w[0].islower() for w in strong[1:])


def introduced(first: str, second: str, between: str, after: str) -> bool:
    """Whether the text between two names says that both name one thing: "X (ex-Y)", "Organisation (ABC)"."""
    cue = re.sub(r"\s+", " ", fold(between)).strip().rstrip('«"“ ').strip()
    if cue not in _cues():
        return False
    if not _cues()[cue]:
        return True
    closed = after.lstrip()[:1] in (")", ",", ".", ";", "")
    if cue == "(":
        return closed and _introduces(first, second)
    if is_short(second) and abbreviates(second, first):
        return True
    if cue in (", l'", ", le", ", la"):
        return closed and (_apposed(first, second) or _apposed(second, first))
    return False


def _introduces(first: str, second: str) -> bool:
    """`first (second)`: an acronym after what it stands for, or before it."""
    for short, long in ((second, first), (first, second)):
        if not is_short(short):
            continue
        spelt = abbreviates(short, long) or shares_initials(short, long)
        if spelt or (is_descriptive(long) and _plausible(short, long)):
            return True
    return False


def _plausible(short: str, long: str) -> bool:
    """Whether an institution's acronym may come from another language: any letters, but not a place."""
    first = _letters(_ARTICLE.sub("", fold(long)))[0]
    return place_kind(short) == "Place" and (is_acronym(short) or _letters(short)[0] == first)


def _apposed(short: str, long: str) -> bool:
    return is_short(short) and is_descriptive(long) and shares_initials(short, long)


def same_person(a: Words, b: Words) -> bool:
    """Whether two full names of persons agree: equal, one with a middle name more, or a given name as an initial."""
    if a == b or "".join(a).replace("-", "") == "".join(b).replace("-", ""):
        return True
    if len(a) < 2 or len(b) < 2 or a[-1] != b[-1]:
        return False
    first_a, first_b = a[0].strip("."), b[0].strip(".")
    if first_a == first_b:
        return set(a) <= set(b) or set(b) <= set(a)
    return min(len(first_a), len(first_b)) == 1 and first_a[0] == first_b[0]


def surname(short: Words, full: Words) -> bool:
    """Whether `short` is the family name of `full`, or the last part of one, particle included or not."""
    if not short or len(full) <= len(short):
        return False
    if full[-len(short) :] == short:
        return len(short) == 1 or short[0] in name_words("particle") or len(full) - len(short) >= 1
    stripped = tuple(w for w in short if w not in name_words("particle"))
    return bool(stripped) and stripped != short and surname(stripped, full)


def part_of_name(short: Words, full: Words) -> bool:
    """Whether `short` is the given name, or the first of two family names, of `full`."""
    if not short or len(full) <= len(short):
        return False
    return any(full[i : i + len(short)] == short for i in range(len(full) - len(short)))


def same_organization(a: Words, b: Words) -> bool:
    """Whether two organization names differ only by words such as "groupe", "SA", "AI", or are known names of one."""
    if a == b or "".join(a) == "".join(b) or _known(a) == _known(b):
        return True
    short, long = sorted((a, b), key=len)
    if not short or len(short) == len(long):
        return False
    head, end = _tails()
    if long[: len(short)] == short:
        return all(w.strip(".") in end for w in long[len(short) :])
    return long[-len(short) :] == short and all(w.strip(".") in head for w in long[: -len(short)])


@cache
def _aliases() -> dict[Words, Words]:
    return {tokens(alias): tokens(name) for alias, name in rows("organization_aliases.tsv")}


def _known(name: Words) -> Words:
    return _aliases().get(name, name)


def shortened(short: Words, long: Words) -> bool:
    """Whether `short` may be a later, shorter form of an organization's name.

    That is the head noun of an institution ("Chantiers" after "Chantiers de l'Atlantique") or the last of two words
    ("Airtel" after "Bharti Airtel"); not its first words, which may name the parent of a branch ("Vinci Airports").
    """
    if len(short) != 1 or len(short[0]) < 3 or len(long) < 2:
        return False
    if long[0] == short[0]:
        return bool({"de", "du", "des", "d"} & set(long[1:])) and organization_kind(short[0]) != "Media"
    return len(long) == 2 and long[1] == short[0] and place_kind(short[0]) == "Place" and not places_of(short[0])


def same_place(a: str, b: str) -> bool:
    """Whether two names of places are spellings of one: "Etats-Unis" and "USA"."""
    return place_key(clean(a)) == place_key(clean(b))
