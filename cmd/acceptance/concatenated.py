"""concatenated: logs of other formats behind a log, again and again: never misread.

All logs of the corpus, the begin of all real ones and the samples in testdata/formats stand behind each of
them. A record that the first one's definition makes of another's line must say what that other's own
definition says, key by key; concatenated.csv lists the pairs that read some lines alike but for a detail.
A log of who had which address gives way to requests that its own product wrote."""

import bz2
import collections
import glob
import gzip
import json
import lzma
import os
import re
import subprocess
import tempfile

from common import HERE, Count, read_csv

LEAST_RECORDS = 80  # more than detection looks at
REAL_LINES = 60
UNPACK = {b"\x1f\x8b": gzip.decompress, b"BZ": bz2.decompress, b"\xfd7": lzma.decompress}
KEYS_ASIDE = {"archive", "line"}


def log_texts(shared):
    """(name, bytes) of what is one log each, of text."""
    for path in sorted(glob.glob(os.path.join(shared, "corpus", "*", "sample.log"))):
        yield path, None
    for folder in sorted(glob.glob(os.path.join(shared, "real", "*", ""))):
        yield sorted(glob.glob(os.path.join(folder, "*")))[0], REAL_LINES
    for path in sorted(glob.glob(os.path.join(HERE, "..", "..", "testdata", "formats", "*", "*.log"))):
        yield path, None


def read_log(path, limit):
    with open(path, "rb") as file:
        data = file.read()
    data = UNPACK.get(data[:2], bytes)(data).removeprefix(b"\xef\xbb\xbf")
    lines = data.split(b"\n")[:limit]
    return None if b"\0" in data[:200] else b"\n".join(lines).rstrip(b"\n") + b"\n"


def decode(kage, data):
    """The format and the records by line."""
    with tempfile.NamedTemporaryFile(suffix=".log") as file:
        file.write(data)
        file.flush()
        done = subprocess.run([kage, "decode", "--no-config", "-v", "-z", "UTC", "--year", "2025", file.name],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    found = re.search(r"^formats +(\S+) 1$", done.stderr.decode("utf-8", "replace"), re.M)
    records = collections.defaultdict(list)
    for line in done.stdout.splitlines():
        record = json.loads(line)
        records[record["line"]].append({k: v for k, v in record.items() if k not in KEYS_ASIDE})
    return found and found.group(1), records


def differing(got, own):
    """The keys that say something else; a year that was guessed is none."""
    for key in sorted(got.keys() & own.keys()):
        if got[key] != own[key] and not (key == "ts" and got[key][4:19] == own[key][4:19]):
            yield key


def misread(records, start, own):
    """What is wrong of the lines of the log that begins behind line ${start}."""
    for line in range(1, own["lines"] + 1):
        got, right = records.get(start + line, []), own["records"].get(line, [])
        if got and not right:
            yield "line %d is no record" % line
        for a, b in zip(got, right):
            for key in differing(a, b):
                yield "line %d: %s is %r, not %r" % (line, key, a[key], b[key])


def family(kage, format):
    text = subprocess.run([kage, "formats", format], stdout=subprocess.PIPE, check=True).stdout.decode("utf-8")
    return re.search(r"^family +(\S+)$", text, re.M).group(1)


def gives_way(kage, first, found):
    said = [record for records in first["records"].values() for record in records]
    if not found or any(record.get("kind") != "identity" for record in said):
        return False
    return family(kage, found) == family(kage, first["format"])


def compare_first(kage, logs, name, twins, count):
    first = logs[name]
    copies = LEAST_RECORDS // max(len(first["records"]), 1) + 1
    data = [first["text"]] * copies
    starts, lines = [], first["lines"] * copies
    for other, own in logs.items():
        starts.append((other, lines))
        data += [own["text"], first["text"]]
        lines += own["lines"] + first["lines"]
    found, records = decode(kage, b"".join(data))
    for other, start in starts:
        pair = (first["format"], logs[other]["format"])
        wrong = [] if pair[0] == pair[1] else list(misread(records, start, logs[other]))
        if wrong and pair in twins:
            count.note_known("%s + %s: %s" % (name, other, wrong[0]), "%s, %s: %s" % (*pair, twins[pair]))
            count.known += 1
        elif wrong:
            count.fail("%s + %s: %s" % (name, other, "; ".join(wrong[:3])))
        else:
            count.right += 1
    if found != first["format"] and not gives_way(kage, first, found):
        count.fail("%s: taken for %s" % (name, found))


def compare(kage, shared):
    twins = {(r["first"], r["second"]): r["reason"] for r in read_csv(os.path.join(HERE, "concatenated.csv"))}
    logs = {}
    for path, limit in log_texts(shared):
        text = read_log(path, limit)
        if text is None:
            continue
        found, records = decode(kage, text)
        if found and records:
            name = "/".join(os.path.normpath(path).split(os.sep)[-3:-1])
            logs[name] = {"text": text, "lines": text.count(b"\n"), "format": found, "records": records}
    count = Count("concatenated", "pairs", len(logs) ** 2)
    for name in logs:
        compare_first(kage, logs, name, twins, count)
    for pair, reason in twins.items():
        if "%s, %s: %s" % (*pair, reason) not in count.reasons:
            count.fail("concatenated.csv: %s, %s does not occur" % pair)
    return count
