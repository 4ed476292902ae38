"""Where an encoding has to be asked for, the right one is offered first, or nearly so."""

import pytest

from mlpdash.data.reading.encodings import OFFERED, to_utf8
from mlpdash.data.reading.questions import Answer, ChoiceNeededError
from mlpdash.ui.data.preparation import WORDS

RUSSIAN = "Москва Новосибирск рынок дом квартира Ёлка улица Ленина"
JAPANESE = "東京 大阪 山田太郎 天気は晴れです カタカナ"
KANJI = "東京 大阪 京都 札幌 名古屋 福岡 横浜 男性 女性 会社員"
CHINESE = "北京 上海 广州 深圳 男 女 中国 人民 经济 工资 教育"
POLISH = "Łódź Kraków Gdańsk Wrocław zażółć gęślą jaźń"
GERMAN = "Köln München Straße Größe Äpfel"


def asked(words: str, encoding: str) -> tuple[Answer, ...]:
    rows = "".join(f"{word},{n}\n" for n, word in enumerate(words.split() * 6))
    with pytest.raises(ChoiceNeededError) as caught:
        to_utf8(b"name,n\n" + rows.encode(encoding), "x.csv", "auto")
    return caught.value.answers


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        (GERMAN, "cp1252"),
        (GERMAN, "mac_roman"),
        (GERMAN, "cp850"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        ("été œuvre cœur 12€ Noël", "iso8859_15"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KANJI, "shift_jis"),
        (CHINESE, "gb18030"),
        ("臺北 高雄 台中 男 女 經濟 教育 中國", "big5"),
        ("서울 부산 대구 남자 여자 경제 교육", "cp949"),
        ("Αθήνα Θεσσαλονίκη Πάτρα Ηράκλειο", "cp1253"),
    ],
)
def test_the_right_encoding_comes_first(words: str, encoding: str) -> None:
    first = asked(words, encoding)[0]
    assert first.value == encoding
    assert first.preview.startswith(next(word for word in words.split() if not word.isascii()))


@pytest.mark.parametrize("words", ["5€ 7€ 12€", "Preis(€) Menge(€)", "€ £"])
def test_a_euro_sign_alone_is_one(words: str) -> None:
    first = asked(words, "cp1252")[0]
    assert (first.value, "€" in first.preview) == ("cp1252", True)
    assert any("€" in answer.preview for answer in asked("5€ 7€ 12€", "iso8859_15")[:3])


def test_old_encodings_of_dos_can_be_chosen() -> None:
    text = "α,Γ,π\n1,2,3\n"  # in cp437 alone
    assert to_utf8(text.encode("cp437"), "x.csv", "cp437")[0] == text.encode()
    assert set(OFFERED) <= set(WORDS["encoding"])
