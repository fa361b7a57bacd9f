"""Numbers in, pictures out: bars over time, a calendar of issues, papers by comments. Pure functions.

Nothing that is not known is drawn: a paper without a date is counted and said.
"""

from sitegen.charts.bars import bar_chart, many_bars, spark_bars
from sitegen.charts.calendar import calendar
from sitegen.charts.periods import Series, Timeline, count, last_months, timeline
from sitegen.charts.ranking import most_discussed

__all__ = [
    "Series",
    "Timeline",
    "bar_chart",
    "calendar",
    "count",
    "last_months",
    "many_bars",
    "most_discussed",
    "spark_bars",
    "timeline",
]
