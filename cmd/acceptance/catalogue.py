"""catalogue: the domains of ../shared/apps/public_apps.tsv: how many are known, and whose they are.

Names of apps are others': where one is none of ours, it stands for the app that most of its domains
belong to. A domain of another app is a difference, each with its reason in catalogue.csv."""

import collections
import csv
import json
import os
import subprocess

from common import HERE, Count, read_csv

KNOWN_SHARE = 0.97  # of the domains; the goal


def plain(name):
    return "".join(c for c in name.lower() if c.isalnum())


def apps_of(kage, domains):
    """The app of each domain by `kage match`, None where there is none."""
    done = subprocess.run([kage, "match", "--ndjson"], input="\n".join(domains).encode(),
                          stdout=subprocess.PIPE, check=False)
    return [json.loads(line)["app"] for line in done.stdout.splitlines()]


def ours(name, apps, names):
    """Which of our apps is meant: one of that name, else the most frequent one."""
    for app in apps:
        if app and plain(name) in (plain(app), plain(names[app])):
            return app
    return collections.Counter(apps).most_common(1)[0][0]


def compare(kage, shared):
    with open(os.path.join(shared, "apps", "public_apps.tsv"), newline="", encoding="utf-8") as file:
        rows = [(r["app"], d) for r in csv.DictReader(file, delimiter="\t") for d in r["domains"].split(",")]
    found = apps_of(kage, [domain for _, domain in rows])
    listed = json.loads(subprocess.run([kage, "apps", "--json"], stdout=subprocess.PIPE, check=False).stdout)
    names = {app["app"]: app["name"] for app in listed}
    by_name = collections.defaultdict(list)
    for (name, _), app in zip(rows, found):
        by_name[name].append(app)
    reasons = {(r["domain"], r["app"]): r["reason"] for r in read_csv(os.path.join(HERE, "catalogue.csv"))}
    count = Count("catalogue", "public_apps", len(rows))
    met = set()
    for (name, domain), app in zip(rows, found):
        if app == ours(name, by_name[name], names):
            count.right += 1
        elif (domain, app or "") in reasons:
            count.known += 1
            met.add((domain, app or ""))
            count.note_known("%s of %s: %s" % (domain, name, app), reasons[(domain, app or "")])
        else:
            count.fail("%s of %s: %s" % (domain, name, app))
    for domain, app in sorted(set(reasons) - met):
        count.fail("catalogue.csv: %s does not differ" % domain)
    share = sum(app is not None for app in found) / len(rows)
    if share < KNOWN_SHARE:
        count.fail("%.2f %% of the domains are known, %.0f %% wanted" % (share * 100, KNOWN_SHARE * 100))
    return count
