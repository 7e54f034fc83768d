"""What a page with a box to write in needs, under the name by which the family's packages know it."""

from __future__ import annotations

from portal.web.writing import (
    OnItsWay,
    ShownError,
    Written,
    begun,
    keep_refused,
    limit,
    put_in_box,
    shown,
    written_id,
)

__all__ = ["OnItsWay", "ShownError", "Written", "begun", "keep_refused", "limit", "put_in_box", "shown", "written_id"]
