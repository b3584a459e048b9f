"""Opening hours: the times of the week at which a show is to be seen.

    Mo-Fr 08:00-21:00; Sa 10:00-18:00

Rules stand between semicolons: days (`Mo`, `Mo-Fr`, `Sa,Su`; left out, every day) and times,
several of them with commas between. Past midnight the hours are counted on (`Fr 20:00-26:00`); what
ends in the small hours may be written as it stands on the door (`Fr 20:00-02:00`).

All of it is time as the clock on the wall shows it. Where that jumps, twice a year, the hours jump
with it: what is open until two is open until the clock says two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from live.errors import UserError
from live.suggest import did_you_mean

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN
SMALL_HOURS_MIN = 6 * 60
"""What ends at this time of the day or before it may have begun on the day before."""
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_EXAMPLE = 'write it like "Mo-Fr 08:00-21:00; Sa 10:00-18:00"'


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a week."""

    spans: tuple[tuple[int, int], ...]
    """Begin and end of each, in minutes from Monday's first, in their order; the last may end in
    the week after. None of them overlap."""

    def open_at(self, local: datetime) -> bool:
        """Whether it is open at a moment of the local clock."""
        minute = _minute_of_week(local)
        return any(
            begin <= at < end for begin, end in self.spans for at in (minute, minute + WEEK_MIN)
        )

    def next_change(self, local: datetime) -> datetime | None:
        """Return when it will open or close next by the local clock; None if it never does."""
        minute = _minute_of_week(local)
        edges = [edge - minute for span in self.spans for edge in span]
        ahead = sorted(
            {(edge - 1e-9) % WEEK_MIN + 1e-9 for edge in edges}  # what is now is past
        )
        for passed in ahead:
            moment = local + timedelta(minutes=passed)
            if self.open_at(moment + timedelta(seconds=1)) != self.open_at(local):
                return moment.replace(second=0, microsecond=0)
        return None


def read_hours(text: str) -> Hours:
    """Return the hours that a text says.

    Raises:
        UserError: it cannot be understood, or hours overlap or end before they begin.
    """
    spans: list[tuple[int, int]] = []
    for rule in text.split(";"):
        if rule.strip():
            spans += _rule(rule.strip(), text)
    if not spans:
        raise UserError(f"hours {text!r} say no time: {_EXAMPLE}.")
    spans.sort()
    after = [*spans[1:], (spans[0][0] + WEEK_MIN, 0)]
    for (begin, end), (following, _) in zip(spans, after, strict=True):
        if end > following:
            raise UserError(
                f"hours {text!r} overlap: what opens {_said(begin)} is open until {_said(end)}, "
                f"and opens again {_said(following)}; leave one of them out."
            )
    return Hours(tuple(spans))


def _minute_of_week(local: datetime) -> float:
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    passed_s = (local.replace(tzinfo=None) - midnight).total_seconds()
    return local.weekday() * DAY_MIN + passed_s / 60


def _rule(rule: str, text: str) -> list[tuple[int, int]]:
    first = re.search(r"\d", rule)
    if first is None:
        raise UserError(f"hours {text!r}: {rule!r} has no times: {_EXAMPLE}.")
    days, times = rule[: first.start()].strip(), rule[first.start() :]
    return [
        (day * DAY_MIN + begin, day * DAY_MIN + end)
        for day in _days(days, text)
        for begin, end in (_span(each.strip(), rule, text) for each in times.split(","))
    ]


def _days(said: str, text: str) -> list[int]:
    if not said:
        return list(range(7))
    found: list[int] = []
    for part in said.split(","):
        first, _, last = (each.strip() for each in part.partition("-"))
        begin = _day(first, text)
        end = _day(last, text) if "-" in part else begin
        found += [(begin + ahead) % 7 for ahead in range((end - begin) % 7 + 1)]
    return found


def _day(said: str, text: str) -> int:
    for number, day in enumerate(DAYS):
        if said.lower() == day.lower():
            return number
    hint = did_you_mean(said, DAYS) or f" Days are {', '.join(DAYS)}."
    raise UserError(f"hours {text!r}: there is no day {said!r}.{hint}")


def _span(said: str, rule: str, text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(said.replace(" ", ""))
    if found is None:
        raise UserError(f"hours {text!r}: {said!r} in {rule!r} is no time of the day: {_EXAMPLE}.")
    hour, minute, last_hour, last_minute = map(int, found.groups())
    begin, end = 60 * hour + minute, 60 * last_hour + last_minute
    if max(minute, last_minute) > 59 or begin >= DAY_MIN or end > 2 * DAY_MIN:
        raise UserError(
            f"hours {text!r}: {said!r} is no time of the day; hours begin from 00:00 to 23:59 and "
            "end at 48:00, which is the next midnight but one, at the latest."
        )
    if end <= begin and end <= SMALL_HOURS_MIN and end != begin:
        end += DAY_MIN
    if end <= begin:
        raise UserError(
            f"hours {text!r}: {said!r} ends before it begins; if it goes on past midnight, write "
            f"{hour:02}:{minute:02}-{last_hour + 24:02}:{last_minute:02}."
        )
    if end - begin > DAY_MIN:
        raise UserError(f"hours {text!r}: {said!r} is longer than a day; write the next day apart.")
    return begin, end


def _said(minute: int) -> str:
    day, rest = divmod(minute % WEEK_MIN, DAY_MIN)
    return f"{DAYS[day]} {rest // 60:02}:{rest % 60:02}"
