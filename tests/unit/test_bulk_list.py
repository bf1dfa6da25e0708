"""Reading lists of people to enroll: what is understood, and each fault in words."""

import pytest

from domain.bulk_list import MOST_LINES, UnreadableList, decode, read_list


@pytest.mark.parametrize(
    ("text", "name", "email"),
    [
        ("Ana N\u00fa\u00f1ez, ana@example.org", "Ana N\u00fa\u00f1ez", "ana@example.org"),
        ("ana@example.org;Ana", "Ana", "ana@example.org"),
        ("Name\tE-mail\nAna\tANA@example.org", "Ana", "ana@example.org"),
        (
            "E-mail address,Phone,Name as on license\nana@example.org,1,Ana",
            "Ana",
            "ana@example.org",
        ),
        ('"N\u00fa\u00f1ez, Ana",ana@example.org', "N\u00fa\u00f1ez, Ana", "ana@example.org"),
        ("ana@example.org", "", "ana@example.org"),
        ("\n\n  Ana  ,  ana@example.org  \n,\n", "Ana", "ana@example.org"),
    ],
)
def test_lists_are_understood(text: str, name: str, email: str) -> None:
    (line,) = read_list(text)
    assert (line.name, line.email, line.fault) == (name, email, "")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Ana,", "No e-mail address."),
        ("Ana,not an address@", "This is no e-mail address."),
        ("Ana,=cmd@example.org", "This is no e-mail address."),
        ("=HYPERLINK(1),ana@example.org", "The name begins like a formula."),
        ("+1,ana@example.org", "The name begins like a formula."),
        ("123,ana@example.org", "The name has no letter."),
        ("x" * 121 + ",ana@example.org", "The name has more than 120 characters."),
        ("Ana," + "x" * 300 + "@example.org", "This is no e-mail address."),
        ("Ana \u202e,ana@example.org", "invisible characters"),
    ],
)
def test_faults_are_told_at_their_line(line: str, fault: str) -> None:
    good, bad = read_list(f"Name,E-mail\nBo,bo@example.org\n{line}")
    assert good.fault == ""
    assert bad.number == 3
    assert fault in bad.fault


def test_an_address_that_stands_twice_counts_once() -> None:
    lines = read_list("Ana,ana@example.org\nAnna,ANA@example.org")
    assert [line.fault for line in lines] == ["", "The same address as in line 1."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The list is empty"),
        ("Name,E-mail", "nobody below it"),
        ("a\0b", "no text file"),
        ("a,a@example.org\n" * (MOST_LINES + 1), "Divide it."),
        ("x" * 200_000, "cannot be read"),
    ],
)
def test_what_is_no_list_is_refused(text: str, words: str) -> None:
    with pytest.raises(UnreadableList, match=words):
        read_list(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert decode("Ana N\u00fa\u00f1ez".encode(encoding)) == "Ana N\u00fa\u00f1ez"


def test_other_encodings_are_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableList, match="CSV UTF-8"):
        decode("N\u00fa\u00f1ez".encode("latin-1"))
