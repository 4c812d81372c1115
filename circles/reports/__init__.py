"""What the pages say.  Reads only."""

from circles.reports.figures import (
    Seating,
    TambonFigures,
    hat_order,
    seating,
    tambon_figures,
)

__all__ = ["Seating", "TambonFigures", "hat_order", "seating", "tambon_figures"]
