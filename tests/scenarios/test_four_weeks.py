"""The four weeks on the terminal: the story holds, and its channel reads as the file says.

`pytest tests/scenarios --golden` writes the file anew.
"""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from tests.scenarios.month import CHANNEL, ZONE, Month

FILE = Path(__file__).parent / "golden" / "four_weeks_channel.txt"


@pytest.mark.slow
@pytest.mark.xdist_group("four weeks")
def test_the_channel_reads_as_it_did(month: Month, golden: bool) -> None:
    said = month.stage.transcript(CHANNEL, ZONE)
    if golden:
        FILE.write_text(said, encoding="utf-8")
    kept = FILE.read_text(encoding="utf-8")
    changed = list(unified_diff(kept.splitlines(), said.splitlines(), "as it did", "now", lineterm=""))
    assert not changed, "\n".join(changed[:80])
