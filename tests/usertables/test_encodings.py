"""A text's encoding is proved by its bytes, told from its letters, or asked about; no mojibake in silence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.errors import AmbiguousError, GeotrackError, ParseError, SpecError
from geotrack.usertables.files.encodings import find
from geotrack.usertables.reading import Asked, read

TEXTS = {
    "gb18030": "地区,年,值\n北京,2020,5\n美国,2021,6\n哈萨克斯坦,2021,7\n",
    "gb18030 notes": "region,period,value,note\nCHN,2020,5,数据来源：国家统计局统计年鉴\nUSA,2020,3,\n",
    "cp1251": "Регион;Год;Значение\nРоссия;2020;5\nСША;2021;3\n",
    "cp1251 notes": "region,period,value,note\nRUS,2020,5,предварительно\n",
    "koi8_r": "Регион;Год;Значение\nРоссия;2020;5\nГермания;2021;3\n",
    "shift_jis": "地域,年,値\n東京都,2020,5\n大阪府,2020,6\n",
    "euc_kr": "지역,년,값\n서울,2020,5\n대한민국,2020,7\n",
    "big5": "地區,年,值\n臺北,2020,5\n美國,2020,6\n",
    "cp1252": "a,b\nCôte d’Ivoire,3 €\nÖsterreich,5\nEspaña,6\nÅland,“x”\nCuraçao,7\nRÉUNION,8\nSão Tomé,9\n",
    "cp1252 German": "Land;Wert\nÖsterreich;5\nTürkei;6\nSüdkorea;7\nGroßbritannien;8\n",
    "cp1252 signs": "a;b\n25 °C;½\n3 ‰;µ\nkm²;× 5\n",
    "cp1250": "Kraj;Wartość\nPolska;5\nNiemcy;6\nWęgry;8\nŁotwa;6\n",
    "cp1250 Czech": "Země;x\nČesko;5\nNěmecko;6\nŘecko;7\n",
    "cp1253": "Χώρα;Τιμή\nΕλλάδα;5\n",
    "cp1254": "Ülke;Değer\nTürkiye;5\nİtalya;6\nYeşil Burun;7\n",
    "cp850": "Land;x\nÖsterreich;5\nTürkei;6\nRéunion;7\n",
    "mac_roman": "Land;x\nÖsterreich;5\nTürkei;6\n",
    "cp1257": "Code;Year;Value;Note\nLTU;2019;1,5;įvertis\nLVA;2019;2,5;novērtējums\n",
    "shift_jis notes": "Code;Year;Value;Note\nJPN;2019;1.5;推計値\nDEU;2019;2.5;暫定値\n",
    "euc_jp": "Code;Year;Value;Note\nJPN;2019;1.5;推計値\nDEU;2019;2.5;暫定値\n",
    "cp1256": "الدولة;2019;2020\nمصر;1.5;2\nالمغرب;3.5;4\n",
    "cp1256 notes": "Code;Year;Value;Note\nEGY;2019;1.5;تقدير\nDEU;2019;2.5;مؤقت\n",
    "cp866": "Страна;2019;2020\nРоссия;1,5;2\nГермания;3,5;4\n",
    "cp874": "Code;Year;Value;Note\nTHA;2019;1.5;ประมาณการ\nLAO;2019;2.5;ชั่วคราว\n",
    "cp1255": "Code;Year;Value;Note\nISR;2019;1.5;אומדן\nDEU;2019;2.5;זמני\n",
    "iso8859_16": "Code;Year;Value;Note\nROU;2019;1,5;estimări și date\n",
    "cp850 apostrophes": "Land;Note\nFRA;mahé\n",
}
ASKED = {
    "cp1257", "shift_jis notes", "euc_jp", "cp1256 notes", "cp1255", "iso8859_16",
    "cp1251 notes", "cp850 apostrophes",
}  # fmt: skip
"""What no known word proves: the right one is offered first; the others are read with nothing said."""


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_read_right_or_asked_about_with_the_right_encoding_offered(name: str) -> None:
    """Case 16."""
    encoding, text = name.split(maxsplit=1)[0], TEXTS[name]
    content = text.encode(encoding)
    try:
        found = find(content, "t.csv")
    except AmbiguousError as error:
        assert name in ASKED
        question = error.questions[0]
        assert "looks like" in question.found
        right = question.choices[0]
        assert right.value == encoding
        assert any(word and word in text for word in right.means.partition(": ")[2].split(", "))
    else:
        assert name not in ASKED
        assert content.decode(found.codec) == text
    table = read(content, "t.csv", asked=Asked(encoding=encoding))
    assert [*table.columns] == text.split("\n")[0].replace(";", ",").split(",")
    assert table.how[0] == f"{encoding}, as you say"


def test_gbk_is_never_read_as_windows_1252() -> None:
    for text in ("北京", "region,note\nA,注释\n", "a,b\n省,市\n", "国家,数值\n美国,1\n"):
        try:
            found = find(text.encode("gbk"), "t")
            assert found.codec == "gb18030" or "�" in text.encode("gbk").decode(found.codec, "replace")
        except AmbiguousError as error:
            assert "gb18030" in [choice.value for choice in error.questions[0].choices]  # noqa: PT017


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(["gb18030", "cp1251", "cp932", "euc_kr", "big5", "koi8_r", "cp1250", "cp1253", "cp1254"]),
    st.data(),
)
def test_words_of_other_languages_are_never_read_as_western_ones(encoding: str, data: st.DataObject) -> None:
    ranges = {"cp1251": "абвгдежзийклмнопрстуфхцчшщыьэюя", "koi8_r": "абвгдежзийклмнопрстуфхцчшщыьэюя",
              "cp1250": "ąćęłńśźżěščřžůťďňőű", "cp1253": "αβγδεζηθικλμνξοπρστυφχψω", "cp1254": "ğışİĞŞ",
              "euc_kr": "가나다라마바사아자차카타파하", "cp932": "東京都北海道大阪府アイウエオ"}  # fmt: skip
    letters = ranges.get(encoding, "中国北京上海地区年月日天津香港台湾美国日本")
    letters = "".join(c for c in letters if c.encode(encoding, "ignore"))
    words = data.draw(st.lists(st.text(letters, min_size=3, max_size=8), min_size=3, max_size=8))
    text = "a,b\n" + "".join(f"{word},5\n" for word in words)
    try:
        found = find(text.encode(encoding), "t")
    except GeotrackError:
        return
    assert found.codec != "cp1252" or text.encode(encoding).decode("cp1252") == text


def test_big5_that_looks_like_utf_8_in_part_is_no_damaged_utf_8() -> None:
    content = "a,b\n日本,5\n".encode("big5")  # two bytes in its middle are a letter of UTF-8
    assert find(content, "t").told.startswith("Big5")
    with pytest.raises(AmbiguousError, match=r"the text is no UTF-8; it looks like Big5"):
        find("a,b\n日光,5\n".encode("big5"), "t")


@pytest.mark.parametrize(
    "cell",
    ["Großbritannien", "Weißrussland", "Österreich", "Südafrika", "Türkei", "Perú", "Canadá", "Türkiye",
     "Curaçao", "Réunion", "Émirats arabes unis", "São Tomé and Príncipe", "Straße", "Außenhandel", "Año"],
)  # fmt: skip
def test_one_name_of_a_country_or_word_of_tables_tells_the_encoding(cell: str) -> None:
    assert find(f"Land;2021;2022\n{cell};1,5;2,5\nJapan;3,5;4,5\n".encode("cp1252"), "t").codec == "cp1252"


def test_a_letter_alone_is_asked_about_as_windows_1252_first() -> None:
    with pytest.raises(AmbiguousError, match=r"looks like Windows-1252; say which: --encoding cp1252"):
        find("à partir de 2014\n\nPays;2014\nJapon;1,5\n".encode("cp1252"), "t")


def test_what_is_said_of_the_encoding_must_be_true() -> None:
    with pytest.raises(SpecError, match="encoding = 'x' is not known; expected one such as utf-8, gb18030"):
        find(b"a,b", "t.csv", "x")
    with pytest.raises(SpecError, match="encoding = 'rot13' is not known"):
        find(b"a,b", "t.csv", "rot13")
    with pytest.raises(
        ParseError, match=r"t\.csv: line 2 is not in the encoding utf-8 \(byte 4\); say another one"
    ):
        find(b"a,b\n\xe9,2", "t.csv", "utf-8")
    with pytest.raises(SpecError, match="encoding = 'utf-8', but this is no text file; leave it out"):
        read(b"PAR1", "t.parquet", asked=Asked(encoding="utf-8"))
    assert find("a\n1".encode("utf-8-sig"), "t", "UTF-8").codec == "utf-8-sig"
    assert read("a,b\n\u540d,2".encode("gbk"), "t.csv", asked=Asked(encoding="GB2312")).frame[
        "a"
    ].tolist() == ["名"]
