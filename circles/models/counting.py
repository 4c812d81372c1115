from __future__ import annotations

from django.db.models import Count, IntegerField, QuerySet, Subquery
from django.db.models.functions import Coalesce


def count_per(group: str, rows: QuerySet, what: str = "pk") -> Coalesce:
    """Return the number of *rows* per *group* as a subquery, 0 where there are none.

    *rows* refer to the outer query.  Of any other column than "pk" each different
    value counts once.
    """
    counted = rows.order_by().values(group)
    counted = counted.annotate(n=Count(what, distinct=what != "pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
