"""What the French language and the map say, as data files with small look-ups."""

from __future__ import annotations

from maille.language.organizations import Description, description_of, is_description_noun, organization_kind
from maille.language.people import (
    gender_of_given_name,
    is_head_of_government,
    is_minister,
    is_no_post,
    portfolio_end,
    post_class,
    takes_portfolio,
)
from maille.language.places import PlaceFact, place_key, place_kind, places_of
from maille.language.tables import fold

__all__ = [
    "Description",
    "PlaceFact",
    "description_of",
    "fold",
    "gender_of_given_name",
    "is_description_noun",
    "is_head_of_government",
    "is_minister",
    "is_no_post",
    "organization_kind",
    "place_key",
    "place_kind",
    "places_of",
    "portfolio_end",
    "post_class",
    "takes_portfolio",
]
