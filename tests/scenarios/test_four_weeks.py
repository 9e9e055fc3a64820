"""The four weeks on the terminal: the story holds, and its channel reads as the file says.

`pytest tests/scenarios --golden -m slow` writes the file anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.month import CHANNEL, ZONE, Month

FILE = Path(__file__).parent / "golden" / "four_weeks_channel.txt"

pytestmark = pytest.mark.slow


def test_the_channel_reads_as_it_did(month: Month, golden: bool) -> None:
    said = month.stage.transcript(CHANNEL, ZONE)
    if golden:
        FILE.write_text(said, encoding="utf-8")
    assert said == FILE.read_text(encoding="utf-8")
