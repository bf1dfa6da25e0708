#!/usr/bin/env python3
"""Adds up an audit pack again, from its CSV files alone, and compares with its index.json.

Uses nothing of Contact Hour and nothing but Python's standard library, so that anybody who was
given a pack can run it: `python3 retotal_audit_pack.py PACK.zip`. Also checks that every file is
there and is the one that the index names. Exit code 0: all equal.
"""

import csv
import hashlib
import io
import json
import sys
import zipfile
from collections import defaultdict


def main(path):
    with zipfile.ZipFile(path) as pack:
        index = json.loads(pack.read("index.json"))
        differences = check_files(pack, index) + compare(index["totals"], retotal(pack, index))
    for line in differences:
        print(line)
    print("All equal." if not differences else f"{len(differences)} differences.")
    return 1 if differences else 0


def check_files(pack, index):
    """What the ZIP lacks, holds besides, or holds otherwise than the index says."""
    found = []
    names = set(pack.namelist()) - {"index.json", "index.html", "index.pdf"}
    for entry in index["files"]:
        if entry["path"] not in names:
            found.append(f"{entry['path']} is missing")
            continue
        content = pack.read(entry["path"])
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            found.append(f"{entry['path']} is not the file that was packed")
        if entry["path"].endswith(".csv") and len(rows_of(pack, entry["path"])) != entry["rows"]:
            found.append(f"{entry['path']} does not have {entry['rows']} rows")
    listed = {entry["path"] for entry in index["files"]}
    return found + [f"{name} is not in the index" for name in sorted(names - listed)]


def rows_of(pack, path):
    """The rows of a CSV file of the pack; none where there is no such file."""
    if path not in pack.namelist():
        return []
    return list(csv.DictReader(io.StringIO(pack.read(path).decode("utf-8"))))


def retotal(pack, index):
    """The same totals as the index has, from the rows."""
    start, end, as_of = (index["period"][name] for name in ("start", "end", "as_of"))
    enrollments = rows_of(pack, "learners/enrollments.csv")
    licenses = rows_of(pack, "learners/licenses.csv")
    attempts = rows_of(pack, "learners/attempts.csv")
    times = rows_of(pack, "learners/time.csv")
    totals = {"professions": professions(enrollments, licenses)}
    if index["of"]["kind"] == "learner":
        totals["enrollments"] = {
            row["enrollment"]: of_enrollment(row["enrollment"], times, attempts, as_of)
            for row in enrollments
        }
        return totals
    completed = {row["enrollment"] for row in enrollments if start <= row["completed_at"] < end}
    certified = {
        row["enrollment"]
        for row in rows_of(pack, "learners/certificates.csv")
        if row["issued_at"] < as_of
    }
    totals["enrolled_in_period"] = sum(start <= row["enrolled_at"] < end for row in enrollments)
    totals["completed_in_period"] = len(completed)
    totals["certificates_of_completed"] = len(completed & certified)
    totals["attempts"] = by_unit(attempts, start, end)
    totals["seconds_of_completed"] = seconds(times, completed)
    totals["answers_due"] = answers(rows_of(pack, "course/answers-on-time.csv"), as_of)
    totals["evaluations"] = evaluations(
        rows_of(pack, "evaluation/summary.csv"), rows_of(pack, "evaluation/distribution.csv")
    )
    return totals


def professions(enrollments, licenses):
    """Learners by the professions of their licenses, '; ' between several."""
    of = defaultdict(set)
    for row in licenses:
        of[row["enrollment"]].add(row["profession"])
    counts = defaultdict(int)
    for row in enrollments:
        counts["; ".join(sorted(of[row["enrollment"]])) or "No license given"] += 1
    return dict(counts)


def of_enrollment(enrollment, times, attempts, as_of):
    """Seconds by unit and attempts of one enrollment."""
    by = defaultdict(int)
    for row in times:
        if row["enrollment"] == enrollment:
            by[row["unit"]] += int(row["seconds"])
    mine = [
        row
        for row in attempts
        if row["enrollment"] == enrollment and row["submitted_at"] and row["submitted_at"] < as_of
    ]
    return {
        "seconds": {unit: total for unit, total in by.items() if total},
        "attempts_submitted": len(mine),
        "attempts_passed": sum(row["passed"] == "yes" for row in mine),
    }


def by_unit(attempts, start, end):
    """Attempts submitted in the period, and passed ones, by unit."""
    found = defaultdict(lambda: {"submitted": 0, "passed": 0})
    for row in attempts:
        if start <= row["submitted_at"] < end:
            found[row["unit"]]["submitted"] += 1
            found[row["unit"]]["passed"] += row["passed"] == "yes"
    return dict(found)


def seconds(times, completed):
    """Seconds of those who completed, by unit and kind of evidence."""
    found = defaultdict(lambda: defaultdict(int))
    for row in times:
        if row["enrollment"] in completed:
            found[row["unit"]][row["evidence"]] += int(row["seconds"])
    kept = {unit: {k: s for k, s in kinds.items() if s} for unit, kinds in found.items()}
    return {unit: kinds for unit, kinds in kept.items() if kinds}


def answers(promises, as_of):
    """Answers that were due: in time, late, and missing when the pack was made."""
    found = {"in_time": 0, "late": 0, "missing": 0}
    for row in promises:
        if row["answered_at"]:
            found["in_time" if row["answered_at"] <= row["due_at"] else "late"] += 1
        elif row["due_at"] < as_of:
            found["missing"] += 1
    return found


def evaluations(summary, distribution):
    """Numbers and means by edition and period, the means from the distributions."""
    counts = {}
    for row in summary:
        if row["evaluations"].isdigit():
            counts[row["edition"], row["period"]] = int(row["evaluations"])
    scales = {
        (row["edition"], row["period"], row["field"]) for row in summary if row["kind"] == "scale"
    }
    sums = defaultdict(lambda: [0, 0])
    for row in distribution:
        key = (row["edition"], row["period"], row["field"])
        if key in scales:
            sums[key][0] += int(row["value"]) * int(row["times"])
            sums[key][1] += int(row["times"])
    return [
        {
            "edition": int(edition),
            "period": period,
            "evaluations": count,
            "means": {
                key[2]: round(total / times, 4)
                for key, (total, times) in sums.items()
                if key[:2] == (edition, period) and times
            },
        }
        for (edition, period), count in counts.items()
    ]


def compare(told, found, place="totals"):
    """Where two totals are not equal, in words."""
    if isinstance(told, dict) and isinstance(found, dict):
        lines = []
        for name in sorted(told.keys() | found.keys()):
            lines += compare(told.get(name), found.get(name), f"{place}, {name}")
        return lines
    if isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        lines = []
        for number, (one, other) in enumerate(zip(told, found, strict=False), start=1):
            lines += compare(one, other, f"{place} {number}")
        return lines
    return [] if told == found else [f"{place}: the index says {told}, the rows say {found}"]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python3 retotal_audit_pack.py PACK.zip")
    sys.exit(main(sys.argv[1]))
