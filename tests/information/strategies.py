"""Generated letters for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from openfls.information.letter import (
    ActionBox,
    Addition,
    Heading,
    ItemList,
    KeyValueTable,
    Letter,
    LetterKind,
    Paragraph,
    Sender,
    TextSize,
)

ANY_TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            " ",
            "#let x = 1",
            "$x^2$",
            "*b* _i_ `r`",
            "[a](b) \\ \\u{41}",
            "<b>&amp;</b>",
            "// /* */",
            "@ref <lab>",
        ]
    ),
)


def texts(text, least=0):
    return st.lists(text, min_size=least, max_size=3).map(tuple)


def letters(text=ANY_TEXT, **fixed):
    """Letters of any shape whose texts come from ``text``."""
    pairs = st.lists(st.tuples(text, text), min_size=1, max_size=3).map(tuple)
    blocks = st.one_of(
        st.builds(Heading, text, st.sampled_from(["", "bone", "no such"])),
        st.builds(Paragraph, text),
        st.builds(ItemList, texts(text), st.booleans()),
        st.builds(KeyValueTable, st.tuples(text, text), pairs),
        st.builds(ActionBox, text, texts(text)),
        st.builds(Addition, text, texts(text)),
    )
    parts = {
        "kind": st.sampled_from(LetterKind),
        "recipient": texts(text),
        "sender": st.builds(Sender, text, texts(text), texts(text)),
        "subject": text,
        "on": st.dates(),
        "blocks": st.lists(blocks, max_size=5).map(tuple),
        "about": st.lists(st.tuples(text, text), max_size=2).map(tuple),
        "salutation": text,
        "closing": text,
        "signature": texts(text),
        "copies": texts(text),
        "enclosures": texts(text),
        "reference": text,
        "text_size": st.sampled_from(TextSize),
        "draft": st.booleans(),
    }
    return st.builds(Letter, **{**parts, **fixed})
