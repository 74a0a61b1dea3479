"""What the Python oracles share: the program under test, its examples, and how a test ends."""

import os
import pathlib
import subprocess
import sys

SKIPPED = 77
ROOT = pathlib.Path(__file__).resolve().parents[2]


def missing(what):
    """Ends the test: its judge is not installed."""
    print(f"not installed: {what}")
    sys.exit(1 if os.environ.get("DDBPLAN_REQUIRE_ORACLES") == "1" else SKIPPED)


def program():
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        missing("ddbplan (give its path)")
    return sys.argv[1]


def examples():
    found = sorted((ROOT / "examples").glob("*.yaml"))
    if not found:
        print("no examples found")
        sys.exit(1)
    return found


def run(*arguments):
    """Standard output of ddbplan, or None when it refuses (exit status 1: findings)."""
    done = subprocess.run([program(), *map(str, arguments)], capture_output=True, text=True)
    if done.returncode == 1:
        return None
    if done.returncode != 0:
        raise RuntimeError(f"ddbplan {arguments}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


class Judgement:
    """Collects failures; `end` prints them and leaves with the right status."""

    def __init__(self):
        self.failures = []
        self.checked = 0

    def check(self, holds, what):
        self.checked += 1
        if not holds:
            self.failures.append(what)
            print(f"FAILED {what}")

    def end(self):
        print(f"{self.checked - len(self.failures)} passed, {len(self.failures)} failed")
        if self.checked == 0:
            print("nothing was checked")
        sys.exit(1 if self.failures or self.checked == 0 else 0)
