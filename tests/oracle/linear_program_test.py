"""Every example's linear program (design --lp), in one table and in a table for each entity, solved by GLPK and CBC: the solver finds the same objective as the
search, and its solution is one that the program says is proven. To the cent where requests are paid one by one.
Provisioned capacity is bought for the sum of all loads, whole units an hour, which the linear program takes apart:
there the two agree to half a percent, and on the same schemas on demand to the cent.

usage: linear_program_test.py DDBPLAN
"""

import itertools
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

import judge

SECONDS = 300
LAYOUTS = ("single-table", "table-per-entity")


def by_glpk(program, solution, gap):
    # Without cuts it depends on the order of columns that cost the same whether the auction takes seconds or hours.
    subprocess.run(["glpsol", "--lp", program, "--cuts", "--mipgap", str(gap), "-o", solution], check=True,
                   timeout=SECONDS, stdout=subprocess.DEVNULL)
    text = pathlib.Path(solution).read_text()
    status = re.search(r"^Status:\s+(.*)$", text, re.M).group(1)
    value = re.search(r"^Objective:\s+\S+ = (\S+)", text, re.M).group(1)
    # What it calls non-optimal it has left within the gap that it was allowed.
    return status == "INTEGER OPTIMAL" or (gap > 0 and status == "INTEGER NON-OPTIMAL"), float(value)


def by_cbc(program, solution, gap):
    # The default gap of CBC is a share of the objective, which may be more than a cent.
    subprocess.run(["cbc", program, "-ratioGap", str(gap), "-allowableGap", "1e-7", "-solve", "-solution", solution],
                   check=True, timeout=SECONDS, stdout=subprocess.DEVNULL)
    first = pathlib.Path(solution).read_text().splitlines()[0]
    return first.startswith("Optimal"), float(first.rsplit(" ", 1)[1])


solvers = {"glpsol": by_glpk, "cbc": by_cbc}
found = {name: solve for name, solve in solvers.items() if shutil.which(name)}
if not found:
    judge.missing("glpk-utils or coinor-cbc")

judgement = judge.Judgement()


def compare(folder, example, layout, *settings):
    """The search and the solvers, of one problem; whether its capacity is provisioned."""
    program = f"{folder}/{example.stem}.lp"
    options = [word for setting in settings for word in ("--set", setting)]
    text = judge.run("design", example, "--set", f"settings.layout={layout}", *options, "--format",
                     "json", "--lp", program)
    named = f"{example.name}, {', '.join((layout, *settings))}"
    if text is None:
        judgement.check(False, f"{named}: design refuses it")
        return False
    design = json.loads(text)
    optimality = design["optimality"]
    provisioned = any(table["billing"] == "provisioned" for table in design["tables"])
    if layout == "single-table" and not settings:
        judgement.check(optimality["proven"], f"{named}: not proven")
    elif not optimality["proven"]:
        return provisioned
    for name, solve in found.items():
        # Whole units are hard to prove for GLPK: it may stop well within what is allowed.
        optimal, value = solve(program, f"{folder}/solution", 0.001 if provisioned else 0)
        objective = optimality["objective_usd_per_month"]
        allowed = 0.005 * objective if provisioned else 0.005
        judgement.check(optimal and abs(value - objective) < allowed,
                        f"{named}: {name} finds {value}, the search {objective}")
    return provisioned


with tempfile.TemporaryDirectory() as folder:
    for example, layout in itertools.product(judge.examples(), LAYOUTS):
        # What is provisioned is compared once more as it would be paid on demand, to the cent.
        if compare(folder, example, layout) and layout == "single-table":
            compare(folder, example, layout, "settings.billing=on-demand")
judgement.end()
