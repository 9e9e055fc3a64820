"""How long it takes to load the bank: the shipped one, and 500 problems made of it under other ids.

    python benchmarks/catalogue.py [--json]

Figures are medians of five, in milliseconds; warm means that the cache file is there, as at every start but the first.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from bot.catalogue import Catalogue, content_folder, load

PROBLEMS = 500
RUNS = 5


def median_ms(action: Callable[[], object]) -> float:
    """The median time of five runs of an action, in milliseconds."""
    times = []
    for _ in range(RUNS):
        begun = perf_counter()
        made = action()
        times.append((perf_counter() - begun) * 1000)
        del made  # after the clock has stopped: a start frees nothing
    return statistics.median(times)


def enlarge(folder: Path, count: int) -> None:
    """Add copies of the shipped problems to a content folder until it holds `count`; one warm-up stays one."""
    originals = sorted((folder / "problems").glob("*/*.yaml"))
    for n in range(len(originals), count):
        original = originals[n % len(originals)]
        text = original.read_text(encoding="utf-8")
        name = f"{original.stem}_{n}"
        text = re.sub(r"^id: .*$", f"id: {original.parent.name}.{name}", text, count=1, flags=re.M)
        text = re.sub(r"warm_up: true", "warm_up: false", text)
        original.with_name(f"{name}.yaml").write_text(text, encoding="utf-8")


def measure() -> dict[str, dict[str, float | bool]]:
    """Figure -> value, goal and whether the goal is met, in milliseconds."""
    with tempfile.TemporaryDirectory() as scratch:
        cache, large = Path(scratch) / "cache", Path(scratch) / "content"
        shutil.copytree(content_folder(), large)
        enlarge(large, PROBLEMS)

        def cold(folder: Path) -> Catalogue:
            shutil.rmtree(cache, ignore_errors=True)
            return load(folder, cache=cache)

        found = {
            "shipped_cold_ms": (median_ms(lambda: cold(content_folder())), 1_000.0),
            "shipped_warm_ms": (median_ms(lambda: load(cache=cache)), 60.0),
            f"{PROBLEMS}_cold_ms": (median_ms(lambda: cold(large)), 20_000.0),
            f"{PROBLEMS}_warm_ms": (median_ms(lambda: load(large, cache=cache)), 300.0),
        }
    return {
        name: {"value": round(value, 1), "goal": goal, "ok": value <= goal} for name, (value, goal) in found.items()
    }


def main() -> None:
    figures = measure()
    if "--json" in sys.argv[1:]:
        print(json.dumps(figures))
        return
    print(f"{'figure':<18} {'measured':>10} {'goal':>8}")
    for name, figure in figures.items():
        print(f"{name:<18} {figure['value']:>10} {figure['goal']:>8}  {'ok' if figure['ok'] else 'MISSED'}")


if __name__ == "__main__":
    main()
