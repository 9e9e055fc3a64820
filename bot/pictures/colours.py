"""Which colours pictures have: Okabe and Ito's, which people with any colour vision tell apart, on a white card.

A picture is a card of its own with a border, so that it reads the same on a light and on a dark background. No
colour says anything alone: a number stands beside every bar and in every day.
Palette: Okabe & Ito, "Color Universal Design" (2008).
"""

from __future__ import annotations

Colour = tuple[int, int, int]
"""Red, green and blue, 0..255."""

CARD: Colour = (255, 255, 255)
BORDER: Colour = (128, 134, 144)
"""Seen on white and on black alike."""
RULE: Colour = (222, 226, 231)
TRACK: Colour = (240, 242, 245)
"""What a bar has not filled."""
INK: Colour = (24, 28, 36)
MUTED: Colour = (84, 91, 104)

BLUE: Colour = (0, 114, 178)
GREEN: Colour = (0, 158, 115)
VERMILLION: Colour = (213, 94, 0)

SHADES: tuple[Colour, ...] = ((204, 227, 243), (139, 190, 224), (0, 114, 178), (0, 62, 110))
"""From few to many."""


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1..21 (WCAG 2.2, "contrast ratio"; text needs 4.5, a bar 3)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def on(shade: Colour) -> Colour:
    """The colour for text on a shade: ink or the card's, whichever is read more easily."""
    return max((INK, CARD), key=lambda colour: contrast(colour, shade))


def palette() -> tuple[Colour, ...]:
    """Every colour that a picture is made of: those above, and the steps between two that smooth edges need."""
    edges = [(INK, CARD, 14), (MUTED, CARD, 10), *((on(shade), shade, 8) for shade in SHADES)]
    edges += [(bar, ground, 6) for bar in (BLUE, GREEN, VERMILLION, *SHADES) for ground in (CARD, TRACK)]
    steps = [_between(one, other, n / of) for one, other, of in edges for n in range(of)]
    return tuple(dict.fromkeys((CARD, BORDER, RULE, TRACK, _between(TRACK, CARD, 0.5), *steps)))


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
