"""Which mentors are thanked by name below a week's board: those who like it and whose word settled an answer."""

from __future__ import annotations

from bot.cohort_model import Cohort, Office
from bot.cohorts.weeks import Week
from bot.store import cohorts, members, report
from bot.store.session import Tx


def thanked(tx: Tx, cohort: Cohort, week: Week) -> tuple[str, ...]:
    """Names or aliases in alphabetical order; untrusted text of any length.

    Nobody in a cohort that reviews blind: whoever had one answer read in the week would learn by whom.
    """
    likes_it = {s.member: s for s in cohorts.seats(tx, cohort.id, Office.MENTOR) if s.thanks}
    if cohort.blind or not likes_it:
        return ()
    settled = report.settled_by(tx, cohort.id, week.starts_at, week.ends_at) & likes_it.keys()
    names = [likes_it[id].alias or who.name for id in settled if (who := members.of_id(tx, id))]
    return tuple(sorted(names, key=lambda name: (name.casefold(), name)))
