"""What the French language and the map say, as data files with small look-ups."""

from __future__ import annotations

from maille.language.places import PlaceFact, place_key, place_kind, places_of
from maille.language.tables import fold

__all__ = ["PlaceFact", "fold", "place_key", "place_kind", "places_of"]
