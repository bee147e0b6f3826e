"""Laws of portable names."""

from __future__ import annotations

import re
from pathlib import PureWindowsPath

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from packgen.errors import PackError, RecipeError
from packgen.files.names import MAX_LENGTH, ascii_text, check_path, portable, unique


def portable_or_none(text: str) -> str | None:
    try:
        return portable(text)
    except RecipeError:
        return None


@given(st.text())
def test_a_portable_name_is_portable(text: str) -> None:
    name = portable_or_none(text)
    assume(name is not None)
    assert name is not None
    assert re.fullmatch(r"[A-Za-z0-9_-]+", name)
    assert not name.startswith(("-", "_"))
    assert len(name) <= MAX_LENGTH
    assert portable(name) == name


@given(st.text(alphabet="abcdefXYZ0189", min_size=1, max_size=MAX_LENGTH))
def test_a_name_that_is_portable_stays(text: str) -> None:
    assert portable(f"n{text}"[:MAX_LENGTH]) == f"n{text}"[:MAX_LENGTH]


@pytest.mark.parametrize("text", ["con", "PRN", "Aux", "nul", "COM1", "com9", "LPT3", " nul. ", "c\u00f3n"])
def test_windows_devices_are_renamed(text: str) -> None:
    name = portable(text)
    assert not PureWindowsPath(name).is_reserved()
    assert not PureWindowsPath(f"{name}.wav").is_reserved()


@pytest.mark.parametrize("text", ["", "!!!", " _-_ ", "\u9f13", "\U0001f941", "\0"])
def test_a_label_with_nothing_portable_is_told(text: str) -> None:
    with pytest.raises(RecipeError, match=re.escape(f"label {text!r} has no letter or digit")):
        portable(text, "label")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("F# minor", "Fs_minor"),
        ("Bj\u00f6rk's Kit", "Bjorks_Kit"),
        ("a/b\\c:d", "a_b_c_d"),
        ("../../etc", "etc"),
        ("Stra\u00dfe", "Strasse"),
        ("x" * 300, "x" * MAX_LENGTH),
        ("x" * (MAX_LENGTH - 1) + " y", "x" * (MAX_LENGTH - 1)),
    ],
)
def test_examples(text: str, name: str) -> None:
    assert portable(text) == name


@given(st.text())
def test_ascii_text_is_printable_and_keeps_what_is(text: str) -> None:
    plain = ascii_text(text)
    assert plain.isascii() and (plain.isprintable() or plain == "")
    assert ascii_text(plain) == plain


names = st.text(alphabet="aAbB_23", min_size=1, max_size=4)


@given(st.lists(names))
def test_unique_names_differ_in_any_case(given_names: list[str]) -> None:
    result = unique(given_names)
    assert len({name.lower() for name in result}) == len(result)
    lower = [name.lower() for name in given_names]
    for before, after in zip(given_names, result, strict=True):
        assert after == before if lower.count(before.lower()) == 1 else after.startswith(before)


@given(
    st.lists(
        st.from_regex(r"[A-Za-z0-9_ -]{1,8}", fullmatch=True).filter(lambda s: s.strip()),
        min_size=1,
        max_size=4,
    )
)
def test_inner_paths_pass(parts: list[str]) -> None:
    assert str(check_path("/".join(parts))) == "/".join(parts)


@given(
    st.text(max_size=8),
    st.sampled_from(["../{}", "/{}", "a/../../{}", "C:{}", "a\\{}", "./{}", "{}\n", "a//{}"]),
)
def test_paths_that_leave_the_pack_do_not(text: str, form: str) -> None:
    with pytest.raises(PackError):
        check_path(form.format(text))
