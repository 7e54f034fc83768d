"""Norway: who looks after one's rights outside the service. Numbers and names as the offices give them."""

from __future__ import annotations

from portal.jurisdictions.rights import Outside
from portal.texts import N_, NP_

OUTSIDE = (
    Outside(
        N_("The County Governor"),
        NP_(
            "child",
            "They check that we follow the law. You can write or call them yourself.",
        ),
        N_("Supervises that the service follows the law, and decides appeals. You can turn to them yourself."),
        None,
        None,
        "statsforvalteren.no",
        "supervision",
    ),
    Outside(
        N_("The Ombudsperson for Children"),
        NP_("child", "They speak up for children. They can tell you what your rights are."),
        N_("Speaks up for children in Norway, and can tell what their rights are."),
        "22 99 39 50",
        "+4722993950",
        "barneombudet.no",
        "ombudsperson",
    ),
)
