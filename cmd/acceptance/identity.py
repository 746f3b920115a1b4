"""identity: who had an address when, by real DHCP servers' files, against what really happened (real/leases.csv).

A question is asked for every address every few minutes, each for a host of its own, so that every
answer of `kage scan` can be held against the truth: right, unknown (ip:ADDRESS), or wrong. The
truth's own DNS log is joined, too."""

import collections
import csv
import datetime
import io
import os
import tempfile

from common import Count, read_csv, run_kage

TOKYO = datetime.timezone(datetime.timedelta(hours=9))
HOURS = 8  # of a lease, as the servers were told
LEASE = datetime.timedelta(hours=HOURS)
STEP = datetime.timedelta(minutes=7)
# server, files below real/, the least share of moments with an owner that must be known
SOURCES = (
    ("dhcp-dnsmasq", ("dhcp-dnsmasq",), 0.75),
    ("dhcp-dnsmasq", ("dnsmasq-extra",), 0.99),
    ("dhcp-isc", ("dhcp-isc/dhcpd.leases.1000", "dhcp-isc/dhcpd.leases.1430", "dhcp-isc/dhcpd.leases.2353"), 0.75),
    ("dhcp-isc", ("dhcp-isc/dhcpd-syslog.log.gz",), 0.99),
    ("dhcp-kea", ("dhcp-kea/kea-leases4.csv.1000", "dhcp-kea/kea-leases4.csv.1430", "dhcp-kea/kea-leases4.csv.2353"),
     0.75),
    ("dhcp-kea", ("dhcp-kea/kea-dhcp4.log.gz",), 0.99),
)


def holds(leases, server):
    """[address, owner, from, until, due] of that server: until the release, the next lease, or when it was due."""
    open_holds, done = {}, []
    for row in leases:
        if row["server"] != server:
            continue
        when = datetime.datetime.fromisoformat(row["time"])
        hold = open_holds.get(row["ip"])
        if row["event"] == "renew":
            hold[3] = hold[4] = when + LEASE
            continue
        if hold is not None:
            hold[3] = min(hold[3], when)
            done.append(open_holds.pop(row["ip"]))
        if row["event"] == "lease":
            open_holds[row["ip"]] = [row["ip"], row["owner"], when, when + LEASE, when + LEASE]
    return done + list(open_holds.values())


def owner_at(all_holds, address, when):
    """Whoever has it; None too near to a change to tell: servers' stamps are whole seconds."""
    for ip, owner, start, until, _ in all_holds:
        for edge in (start, until):
            if ip == address and abs(edge - when) < datetime.timedelta(seconds=3):
                return None
    for ip, owner, start, until, _ in all_holds:
        if ip == address and start <= when < until:
            return owner
    return ""


def was_given_back(all_holds, address, owner, when):
    """Was it the owner's to a later time when a copy of the file was made?"""
    return any(h[:2] == [address, owner] and h[3] <= when < h[4] for h in all_holds)


def write_devices(leases, path):
    rows = {(r["mac"], r["hostname"], r["owner"]) for r in leases}
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("mac", "name", "user"), *sorted(rows)])


def ask(all_holds, path):
    """A log with a question an address every few minutes of the day; the moments by host."""
    moments = {}
    start = datetime.datetime(2026, 9, 30, tzinfo=TOKYO)
    with open(path, "w", encoding="utf-8") as log:
        for address in sorted({h[0] for h in all_holds}):
            for n in range(int(datetime.timedelta(days=1) / STEP)):
                when = start + n * STEP
                host = "q%d.line.me" % len(moments)
                moments[host] = (address, when)
                log.write("%d.000 5 %s TCP_TUNNEL/200 100 CONNECT %s:443 - HIER_DIRECT/192.0.2.1 -\n"
                          % (when.timestamp(), address, host))
    return moments


def scan(kage, shared, files, devices, log, by):
    args = ["scan", "-q", "--csv", "-z", "Asia/Tokyo", "--year", "2026", "--by", by, "--devices", devices,
            "--lease-hours", str(HOURS)]
    for file in files:
        args += ["--leases", os.path.join(shared, "real", file)]
    return csv.DictReader(io.StringIO(run_kage(kage, args + [log]).decode("utf-8")))


def compare_moments(kage, shared, leases, source, folder):
    server, files, least = source
    count = Count("identity", "%s by %s" % (server, files[0]))
    all_holds = holds(leases, server)
    devices, log = os.path.join(folder, "devices.csv"), os.path.join(folder, "log")
    write_devices(leases, devices)
    moments = ask(all_holds, log)
    held = 0
    for row in scan(kage, shared, files, devices, log, "user,host"):
        address, when = moments[row["host"]]
        want, got = owner_at(all_holds, address, when), row["user"]
        count.total += 1
        known = not got.startswith("ip:")
        held += bool(want)
        count.right += want is None or (known and got == want)
        if want == "" and was_given_back(all_holds, address, got, when):
            count.note_known("%s at %s: %s" % (address, when.isoformat(), got), "given back after the copy was made")
            count.known += 1
        elif want is not None and known and got != want:
            count.fail("%s at %s: %s, not %s" % (address, when.isoformat(), got, want or "nobody"))
        if want is not None and not known and want == "":
            count.right += 1
    unknown = count.total - count.right - count.wrong - count.known
    if unknown > held * (1 - least):
        count.fail("%d of %d moments with an owner are unknown" % (unknown, held))
    return count


def compare_dns(kage, shared, leases, folder):
    """The DNS log of the day, joined with its own DHCP messages: per client, owner and host."""
    count = Count("identity", "dnsmasq-extra, its own log")
    owners = {name: r["owner"] for r in leases for name in (r["mac"], r["hostname"]) if name}
    truth = collections.Counter()
    for row in read_csv(os.path.join(shared, "real", "truth.csv")):
        if row["format"] == "dnsmasq-extra" and row["device"]:
            truth[row["client"], owners[row["device"]], row["host"]] += int(row["requests"])
    devices = os.path.join(folder, "devices.csv")
    write_devices(leases, devices)
    log = os.path.join(shared, "real", "dnsmasq-extra")
    for row in scan(kage, shared, ("dnsmasq-extra",), devices, log, "user,client,host"):
        if not row["client"].startswith("10.20."):
            continue
        asked = int(row["queries"]) + int(row["denied"] or 0)
        expected = truth[row["client"], row["user"], row["host"]]
        count.total += asked
        if row["user"].startswith("ip:"):
            count.known += asked
        elif asked > expected:
            count.fail("%s, %s: %d queries of %s, %d in truth"
                       % (row["client"], row["host"], asked, row["user"], expected), asked - expected)
        else:
            count.right += asked
    return count


def compare_all(kage, shared):
    leases = read_csv(os.path.join(shared, "real", "leases.csv"))
    with tempfile.TemporaryDirectory() as folder:
        for source in SOURCES:
            yield compare_moments(kage, shared, leases, source, folder)
        yield compare_dns(kage, shared, leases, folder)
