"""What is said of a map in words: captions, alt texts, long descriptions, credits, the cards of pieces."""

from __future__ import annotations

from typing import Any

__all__ = ["alt_text", "caption", "long_description"]


def __getattr__(name: str) -> Any:
    """Load on first use: a card is told without the libraries that read a map."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from geotrack.captions import captions

    return getattr(captions, name)
