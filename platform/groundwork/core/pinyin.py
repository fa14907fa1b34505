"""Chinese characters to pinyin without tones, as an input method would want them typed: lü is lv."""

from __future__ import annotations

from functools import cache

READINGS = {
    "调优": "tiao you",
    "微调": "wei tiao",
    "调参": "tiao can",
    "重构": "chong gou",
    "重排": "chong pai",
    "重写": "chong xie",
    "重做": "chong zuo",
    "重训": "chong xun",
    "重计算": "chong ji suan",
    "去重": "qu chong",
    "多重检验": "duo chong jian yan",
    "长尾": "chang wei",
    "转文字": "zhuan wen zi",
    "项目的": "xiang mu de",
}
"""Words of our field that the dictionary does not hold, and whose characters it would read otherwise."""


def syllables(word: str) -> list[str]:
    """One syllable for each character of `word`, which has nothing but characters."""
    _load()
    # 0.3 s and 57 MB for its dictionary: only who saves a Chinese name needs it.
    from pypinyin import lazy_pinyin

    return [one for one in lazy_pinyin(word) if one]


@cache
def _load() -> None:
    from pypinyin import load_phrases_dict

    load_phrases_dict({word: [[one] for one in said.split()] for word, said in READINGS.items()})
