"""real: logs of one day by real programs, against what the driver did (real/README.md)."""

import collections
import csv
import datetime
import gzip
import io
import os

from common import Count, Differences, decode, read_csv, run_kage

TOKYO = datetime.timezone(datetime.timedelta(hours=9))
CLASSES = {"denied": "denied", "auth": "challenged"}  # of a result; all others: passed
# what resolvers refuse with an answer that the driver took for one: in the column `blocks`
BLOCKED_BY_RPZ = ("gigafile.nu", "mega.nz", "evil.example")  # BIND's view office, 127.0.1.0/27
BLOCKED_BY_DNSMASQ = {"gigafile.nu": ("A",), "mega.nz": ("A", "AAAA", "HTTPS")}


class Sums:
    """Of one (date, client, user, host)."""

    def __init__(self):
        self.passed = self.denied = self.challenged = 0
        self.up = self.down = 0
        self.well = True  # every request ended as asked: byte counters hold only there

    def add(self, name, up, down):
        setattr(self, name, getattr(self, name) + 1)
        self.up += up
        self.down += down


def date_of(stamp):
    return datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00")).astimezone(TOKYO).date().isoformat()


def group_records(records, row):
    groups = collections.defaultdict(Sums)
    for record in records:
        if row["blocks"] == "bump" and record.get("url", "").startswith("https://"):
            continue  # inside a tunnel: the truth counts the tunnel
        challenged = record.get("status") == 407
        blocked = record.get("action") == "blocked"
        # the name on a 407 is that of a wrong password: no identity
        user = "" if challenged else record.get("user", "")
        key = (date_of(record["ts"]) if "ts" in record else "", record.get("client", ""), user, record.get("host", ""))
        name = "challenged" if challenged else "denied" if blocked else "passed"
        groups[key].add(name, record.get("bytes_up", 0), record.get("bytes_down", 0))
    return groups


def read_events(shared, row, count, differences):
    """The driver's events of the folder as its log can tell them: the sum of them is truth.csv."""
    formats = set(row["truth"].split("+"))
    events, times = [], collections.Counter()
    with gzip.open(os.path.join(shared, "real", "events.csv.gz"), "rt", encoding="utf-8", newline="") as file:
        for event in csv.DictReader(file):
            if event["format"] in formats:
                real = event["kind"] != "noise"
                count.total += real
                times[name_of(event)] += 1
                amended = amend(event, times[name_of(event)], count, differences)
                count.known += amended and real
                if (real or amended) and event["result"] != "absent":
                    events.append(event)
    return events


def name_of(event):
    """An id stands for a password prompt, the request after it, and others on the same connection."""
    return event["id"] + (":auth" if event["result"] == "auth" else "")


def amend(event, time, count, differences):
    """What the log tells otherwise, by differences.csv; `result` absent: nothing of it. ID#2: the
    second event of that id; FORMAT:RESULT, FORMAT:*: all of that format that had that result, all."""
    where = name_of(event)
    others = ("%s#%d" % (where, time), "%(format)s:%(result)s" % event, event["format"] + ":*")
    amended = False
    for what in ("start", "end", "client", "user", "host", "result", "bytes_up", "bytes_down", "body_down"):
        found = differences.of(what, where, *others)
        if found:
            count.note_known("event %s: %s %r, in the log %r" % (where, what, event[what], found[0]), found[1])
            event[what] = found[0]
            amended = True
    return amended


def shown(octets):
    return octets.decode("utf-8", "backslashreplace")


def group_events(events, row):
    groups = collections.defaultdict(Sums)
    for event in events:
        name = class_of(event, row)
        user = "" if name == "challenged" or row["user"] == "none" else event["user"]
        user = user.lower() if row["user"] == "lower" else user
        client = "" if row["client"] == "none" else event["client"]
        date = "" if row["stamp"] == "none" else event[row["stamp"]][:10]
        sums = groups[date, client, user, host_of(event, row)]
        sums.add(name, size_of(event, row["up"], "up"), size_of(event, row["down"], "down"))
        sums.well = sums.well and event["result"] == "ok"
    return groups


def class_of(event, row):
    """passed, denied or challenged."""
    if event["result"] == "error":  # the driver could not end its sending: the status tells
        return "denied" if event["status"] == "403" else "passed"
    if row["blocks"] not in ("", "bump") and is_blocked(event, host_of(event, row), row["blocks"]):
        return "denied"
    return CLASSES.get(event["result"], "passed")


def is_blocked(event, host, blocks):
    if blocks == "dnsmasq":
        return any(below(host, name) and event["qtype"] in types for name, types in BLOCKED_BY_DNSMASQ.items())
    client = event["client"].split(".")
    office = client[:3] == ["127", "0", "1"] and int(client[3]) < 32
    return office and any(below(host, name) for name in BLOCKED_BY_RPZ)


def below(host, name):
    return ("." + host).endswith("." + name)


def host_of(event, row):
    host = event["host"].lower()
    if host.startswith("labels:"):
        labels = [bytes.fromhex(label) for label in host[len("labels:"):].split(".")]
        return ".".join("".join(ESCAPES[row["escape"]](octet) for octet in label) for label in labels).lower()
    return host if host.isascii() else host.encode("idna").decode("ascii")


def escape_bind(octet):
    if chr(octet) in '@$.;()"\\':
        return "\\" + chr(octet)
    return chr(octet) if 0x20 < octet < 0x7F else "\\%03d" % octet


def escape_powerdns(octet):
    if chr(octet) in ".\\":
        return "\\" + chr(octet)
    return chr(octet) if 0x20 < octet < 0x7F else "\\%03d" % octet


def escape_knot(octet):
    if chr(octet).isalnum() and octet < 0x80 or chr(octet) in "-_*/":
        return chr(octet)
    return "\\" + chr(octet) if 0x20 < octet < 0x7F else "\\%03d" % octet


def escape_unbound(octet):
    return chr(octet) if chr(octet).isalnum() and octet < 0x80 or chr(octet) in "-_*" else "?"


ESCAPES = {"bind": escape_bind, "powerdns": escape_powerdns, "knot": escape_knot, "unbound": escape_unbound, "": chr}


def size_of(event, counter, way):
    """wire: heads, bodies and tunnels; body: bodies outside tunnels; tunnel: the tunnels alone; body+tunnel: both."""
    if counter == "":
        return 0
    if counter == "wire":
        return number(event["bytes_" + way])
    body = number(event["body_" + way]) if event["kind"] == "http" else 0
    tunnel = number(event["tunnel_" + way])
    return {"body": body, "tunnel": tunnel, "body+tunnel": body + tunnel}[counter]


def number(text):
    return int(text) if text else 0


def compare_groups(count, expected, got, row):
    missing = 0
    for key in sorted(set(expected) | set(got)):
        want, have = expected.get(key, Sums()), got.get(key, Sums())
        text = " ".join(part or "-" for part in key)
        for what in ("passed", "denied", "challenged"):
            a, b = getattr(want, what), getattr(have, what)
            missing += max(0, a - b)
            if a != b:
                count.fail("%s: %s expected %d, got %d" % (text, what, a, b), abs(a - b))
        for way in ("up", "down"):
            a, b = getattr(want, way), getattr(have, way)
            if row[way] and want.well and key in expected and key in got and a != b:
                count.fail("%s: bytes_%s expected %d, got %d" % (text, way, a, b))
    count.right = count.total - count.known - missing


def compare_folder(kage, shared, row):
    """Requests, denials, password prompts and bytes of every (date, client, user, host)."""
    count = Count("real", row["folder"])
    differences = Differences(count.name)
    events = read_events(shared, row, count, differences)
    differences.fail_unmet(count)
    path = os.path.join(shared, "real", row["folder"])
    try:
        records = decode(kage, ["-z", "Asia/Tokyo"] + row["options"].split() + [path])
    except RuntimeError as error:
        count.fail(str(error))
        return count
    compare_groups(count, group_events(events, row), group_records(records, row), row)
    return count


def app_of_host(shared):
    """Of every host of hosts.csv: the ids that are right for it (none: no app), or None for any."""
    names = read_csv(os.path.join(os.path.dirname(__file__), "app_names.csv"))
    ids = {row["name"]: set(row["apps"].split()) for row in names}
    return {
        row["host"]: None if row["class"] == "benign" else ids.get(row["app"], set())
        for row in read_csv(os.path.join(shared, "real", "hosts.csv"))
    }


def right_apps(apps, host):
    """A host that is not listed is what its nearest listed parent is; without one no app."""
    while host and host not in apps:
        host = host.partition(".")[2]
    return apps.get(host, set())


def expected_hosts(groups, apps):
    """passed and denied of every (user, host) of an app."""
    sums = collections.Counter()
    for (_, client, user, host), group in groups.items():
        if right_apps(apps, host) != set():
            sums[user or "ip:" + (client or "-"), host, "passed"] += group.passed
            sums[user or "ip:" + (client or "-"), host, "denied"] += group.denied
    return {key: value for key, value in sums.items() if value}


def scanned_hosts(rows, apps, count):
    """The same of the scan's rows; an app that the host is not is a fault of its own."""
    sums = collections.Counter()
    for row in rows:
        right = right_apps(apps, row["host"])
        if right is not None and row["app"] not in right:
            count.fail("%s %s is taken for %s" % (row["user"], row["host"], row["app"]))
            continue
        sums[row["user"], row["host"], "passed"] += number(row["requests"]) + number(row["queries"])
        sums[row["user"], row["host"], "denied"] += number(row["denied"])
    return {key: value for key, value in sums.items() if value}


def shown_by_behaviour(events, count):
    """Without those by which a host that is told by behaviour alone (behaviours.csv) shows none."""
    rows = {row["host"]: row for row in read_csv(os.path.join(os.path.dirname(__file__), "behaviours.csv"))}
    kept = []
    for event in events:
        row = rows.get(event["host"])
        if row and row["url"] not in event["url"]:
            count.total += 1
            count.known += 1
            count.note_known("event %s: %s %s" % (event["id"], event["method"], event["host"]), row["reason"])
        else:
            kept.append(event)
    return kept


def compare_apps(kage, shared, row):
    """`scan`: requests and denials of every (user, host) of an app; what is none must not show."""
    count = Count("apps", row["folder"])
    differences = Differences(count.name)
    uncounted = Count("real", row["folder"])
    events = read_events(shared, row, uncounted, Differences(uncounted.name))
    path = os.path.join(shared, "real", row["folder"])
    arguments = ["scan", "--quiet", "--csv", "--by", "user,app,host", "-z", "Asia/Tokyo"]
    try:
        output = run_kage(kage, arguments + row["options"].split() + [path])
    except RuntimeError as error:
        count.fail(str(error))
        return count
    apps = app_of_host(shared)
    expected = expected_hosts(group_events(shown_by_behaviour(events, count), row), apps)
    got = scanned_hosts(csv.DictReader(io.StringIO(shown(output))), apps, count)
    for key in sorted(set(expected) | set(got)):
        if right_apps(apps, key[1]) is None and key not in got:
            continue  # benign: may be in the catalogue, need not
        count.total += 1
        known = differences.of(key[2], "%s %s" % key[:2])
        if expected.get(key, 0) == got.get(key, 0):
            count.right += 1
        elif known and known[0] == str(got.get(key, 0)):
            count.known += 1
            count.note_known("%s %s: %s expected %d" % (*key, expected.get(key, 0)), known[1])
        else:
            count.fail("%s %s: %s expected %d, got %d" % (*key, expected.get(key, 0), got.get(key, 0)))
    differences.fail_unmet(count)
    return count
