"""corpus: lines of real products, record by record, by the rules of corpus/README.md."""

import datetime
import ipaddress
import json
import os

from common import Count, Differences, decode

PASSED_OVER = {"line", "skip"}  # keys that are no field of a record


def seconds(text):
    """Whole seconds; a fraction that was rounded up to the next one counts as it."""
    stamp = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int((stamp.timestamp() * 1000 + 0.5) // 1000)


def normal(key, value):
    if value is None:
        return None
    if key in ("ts", "ts_end"):
        return seconds(value)
    if key in ("client", "dest_ip", "host"):
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            return value.lower()
    return value.lower() if key == "method" else value


def differences_of(expected, got):
    """The asserted keys that are not as expected: (key, expected, got)."""
    for key, want in expected.items():
        if key in PASSED_OVER or (key == "ts" and want is None):
            continue  # a line without year or time: the reader has to guess
        if normal(key, want) != normal(key, got.get(key)):
            yield key, want, got.get(key)


def compare_line(count, differences, expected, records):
    line = expected["line"]
    wanted = 0 if expected.get("skip") else 1
    count.total += wanted
    if len(records) != wanted:
        count.fail("line %d: %d records, expected %d" % (line, len(records), wanted))
        return
    bad, unlisted = [], []
    if wanted:
        bad = list(differences_of(expected, records[0]))
        unlisted = [d for d in bad if not is_listed(count, differences, line, d)]
    if unlisted:
        count.fail("line %d: " % line + "; ".join("%s expected %r, got %r" % d for d in unlisted))
    elif bad:
        count.known += 1
    else:
        count.right += wanted


def is_listed(count, differences, line, difference):
    key, want, got = difference
    found = differences.of(key, str(line))
    if found is None or found[0] != ("" if got is None else str(got)):
        return False
    count.note_known("line %d: %s expected %r, got %r" % (line, key, want, got), found[1])
    return True


def compare_folder(kage, shared, row):
    folder = os.path.join(shared, "corpus", row["folder"])
    count = Count("corpus", row["folder"])
    differences = Differences(count.name)
    try:
        records = decode(kage, ["-z", "UTC"] + row["options"].split() + [os.path.join(folder, "sample.log")])
    except RuntimeError as error:
        records = []
        count.fail(str(error))
    by_line = {}
    for record in records:
        by_line.setdefault(record["line"], []).append(record)
    with open(os.path.join(folder, "expected.jsonl"), encoding="utf-8") as file:
        for text in file:
            expected = json.loads(text)
            compare_line(count, differences, expected, by_line.pop(expected["line"], []))
    for line in by_line:
        count.fail("line %d: no such line" % line)
    differences.fail_unmet(count)
    return count
