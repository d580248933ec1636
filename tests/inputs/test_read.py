"""Articles from text, pages, folders and bad files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from maille.inputs import read_inputs, read_text, sample_path
from maille.inputs.head import date_line
from maille.records import Article, Skipped

BODY = "La société Aubelune a levé 40 millions d’euros mardi auprès de la banque Vauban, selon ses dirigeants. Elle compte recruter à Lyon."


def one(path: Path) -> Article | Skipped:
    return next(iter(read_inputs([str(path)])))


def test_title_date_and_author_lines_are_not_text() -> None:
    article = read_text(f"Aubelune lève 40 millions\n2025-03-31\nAuteur: Léa\n{BODY}\n\nUn second paragraphe.")
    assert (article.title, article.published, article.byline) == (
        "Aubelune lève 40 millions",
        dt.date(2025, 3, 31),
        "Léa",
    )
    assert article.text == f"Aubelune lève 40 millions\n{BODY}\nUn second paragraphe."
    assert article.text[article.body :].startswith("La société")


def test_a_body_alone_has_no_title() -> None:
    assert read_text(BODY + "\n" + BODY).title == ""


def test_the_sample_is_read() -> None:
    article = one(sample_path())
    assert isinstance(article, Article)
    assert article.published == dt.date(2025, 3, 31)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2025-03-31", dt.date(2025, 3, 31)),
        ("31/03/2025", dt.date(2025, 3, 31)),
        ("Publié le 31 mars 2025", dt.date(2025, 3, 31)),
        ("Publié le 31 mars 2025 à 10 h 15", dt.date(2025, 3, 31)),
        ("lundi 31 mars 2025", dt.date(2025, 3, 31)),
        ("1er avril 2024", dt.date(2024, 4, 1)),
        ("20 janvier 2018 . –", dt.date(2018, 1, 20)),
        ("En mars 2025, tout a changé", None),
        ("Paris", None),
        ("Le 31 mars 2025, Aubelune a levé 40 millions", None),
    ],
)
def test_date_lines(line: str, expected: dt.date | None) -> None:
    assert date_line(line) == expected


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n", "empty"),
        ("binary.txt", b"\x7fELF\0\0\0\1", "binary"),
        ("odd.txt", b"\x81\x8d\x8f\x90" * 20, "encoding"),
        (
            "english.txt",
            (
                b"The company said on Monday that it will buy the bank for a sum of ten million and that the deal is done. "
                * 4
            ),
            "English",
        ),
        ("picture.png", b"x", ".png"),
        ("page.html", b"<html><body></body></html>", "no article"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    skipped = one(tmp_path / name)
    assert isinstance(skipped, Skipped)
    assert reason in skipped.reason + skipped.hint


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    skipped = one(tmp_path / "nowhere.txt")
    assert isinstance(skipped, Skipped) and "no such file" in skipped.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_text(
        "Société générale et énergie\n" + BODY.replace("’", "'") + " Été, où, forêt, garçon.", encoding
    )
    article = one(tmp_path / "a.txt")
    assert isinstance(article, Article)
    assert article.title == "Société générale et énergie"


def test_a_folder_is_read_in_order_and_one_bad_file_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Titre b\n" + BODY, "utf-8")
    (tmp_path / "a.txt").write_text("", "utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.txt").write_text("Titre c\n" + BODY, "utf-8")
    got = list(read_inputs([str(tmp_path)]))
    assert [type(x).__name__ for x in got] == ["Skipped", "Article", "Article"]


def test_a_page_gives_its_article(tmp_path: Path) -> None:
    page = f"""<html lang="fr"><head><title>Aubelune lève 40 millions</title><meta property="article:published_time" content="2025-03-31T10:00:00Z">
    </head><body><nav>Accueil</nav><article><h1>Aubelune lève 40 millions</h1><p>{BODY}</p><p>{BODY}</p></article></body></html>"""
    (tmp_path / "p.html").write_text(page, "utf-8")
    article = one(tmp_path / "p.html")
    assert isinstance(article, Article)
    assert article.published == dt.date(2025, 3, 31)
    assert "Accueil" not in article.text and "Aubelune a levé" in article.text


def test_control_characters_go_and_typographic_spaces_stay() -> None:
    article = read_text("Titre\u200b\n40\u202f000\u00a0euros\x07 « ici »\r\net là.")
    assert article.text == "Titre\n40\u202f000\u00a0euros « ici »\net là."
