"""A list of NHS numbers is read however it was written; what cannot be read is named by its row."""

from __future__ import annotations

import pytest

from openfls.integration.opt_out_list import read_list
from openfls.record.errors import BadInput

ONE, OTHER = "9990000018", "9990000026"
"""Of the test range, with their check digits."""


@pytest.mark.parametrize(
    "data",
    [
        f"{ONE}\n{OTHER}\n".encode(),
        f"NHS Number\r\n{ONE}\r\n{OTHER}\r\n".encode(),
        "\ufeffname;nhs\nA;999 000 0018\n\nB;999-000-0026\n".encode(),
        f"{ONE}\n{OTHER}\n".encode("utf-16"),
        f'"id","number"\n"1234567890","{ONE}"\n"1","{OTHER}"\n'.encode("cp1252"),
    ],
    ids=["plain", "heading", "spaces and blank lines", "utf-16", "quoted"],
)
def test_the_column_of_numbers_is_found(data):
    assert [entry.number for entry in read_list(data)] == [ONE, OTHER]


def test_what_is_no_number_is_named_with_its_row():
    found = read_list(f"nhs\n{ONE}\n9990000019\n9.99E+09\n{ONE}\nnobody\n".encode())
    assert [(entry.row, entry.number is not None) for entry in found] == [
        (2, True),
        (3, False),
        (4, False),
        (5, False),
        (6, False),
    ]
    for place, said in enumerate(
        ("not an NHS number", "power of ten", "same as in row 2", "not an NHS number"), start=1
    ):
        assert said in found[place].problem


@pytest.mark.parametrize("data", [b"", b"name\nAda\n", b"%PDF-1.4\n\xff\xfe"])
def test_a_file_without_a_number_is_refused(data):
    with pytest.raises(BadInput, match="no NHS number in it"):
        read_list(data)
