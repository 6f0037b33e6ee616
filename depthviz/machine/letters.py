"""Letters of ASCII that stand for others, where a console or a font lacks those.

Knows nothing of consoles and fonts.
"""

__all__ = ["PLAIN_LETTERS"]

PLAIN_LETTERS = {
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **{"«": '"', "»": '"', "‹": "'", "›": "'", "…": "...", "⁄": "/"},
    **{"→": "->", "←": "<-", "↔": "<->", "⇒": "=>", "↑": "^", "↓": "v"},
    **{"×": "x", "÷": "/", "·": "-", "•": "-", "≤": "<=", "≥": ">=", "≠": "!="},
    **{"\N{NO-BREAK SPACE}": " "},
    **{"±": "+-", "≈": "~", "°": "deg", "€": "EUR", "£": "GBP", "µ": "u", "μ": "u"},
    **{"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o"},
    **{"Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th"},
    **{"ł": "l", "Ł": "L", "ı": "i", "ħ": "h", "Ħ": "H"},
}
