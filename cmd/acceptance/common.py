"""What both suites need: running kage, data files, and the count of a folder."""

import collections
import csv
import json
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def run_kage(kage, args):
    """Standard output, or a RuntimeError with what kage said; 3 means: done, with damage named."""
    done = subprocess.run([kage] + args, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode not in (0, 3):
        text = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RuntimeError("status %d: %s" % (done.returncode, text[-1] if text else ""))
    return done.stdout


def decode(kage, args):
    """The records that `kage decode` prints."""
    lines = run_kage(kage, ["decode", "--quiet"] + args).splitlines()
    return [json.loads(line) for line in lines]


class Count:
    """Right, known and wrong of one folder."""

    def __init__(self, suite, folder, total=0):
        self.name = "%s/%s" % (suite, folder)
        self.total = total
        self.right = self.known = self.wrong = 0
        self.known_texts, self.wrong_texts = [], []
        self.reasons = collections.Counter()

    def note_known(self, text, reason):
        self.known_texts.append("%s: %s" % (text, reason))
        self.reasons[reason] += 1

    def fail(self, text, number=1):
        self.wrong += number
        self.wrong_texts.append(text)

    def report(self, verbose):
        """Prints the folder's line and what differs; known ones by reason. Returns: is all well?"""
        print("%s %d/%d right, %d known differences, %d wrong"
              % (self.name, self.right, self.total, self.known, self.wrong))
        known = self.known_texts if verbose else ["%d times: %s" % (n, r) for r, n in self.reasons.items()]
        wrong = self.wrong_texts if verbose else self.wrong_texts[:10]
        for label, texts in (("known", known), ("wrong", wrong)):
            for text in texts:
                print("  %s: %s" % (label, "".join(c if c.isprintable() else "\\x%02x" % ord(c) for c in text)))
        if len(self.wrong_texts) > len(wrong):
            print("  and %d more (--verbose)" % (len(self.wrong_texts) - len(wrong)))
        return self.wrong == 0


class Differences:
    """differences.csv: what a log cannot tell, one by one. Every row must be met."""

    def __init__(self, name):
        rows = [r for r in read_csv(os.path.join(HERE, "differences.csv")) if name in r["folders"].split()]
        self.rows = {(r["where"], r["what"]): (r["log"], r["reason"]) for r in rows}
        self.met = set()

    def of(self, what, *names):
        """(what the log has, the reason) of the first of the names that is listed, or None."""
        for key in [(name, what) for name in names]:
            if key in self.rows:
                self.met.add(key)
                return self.rows[key]
        return None

    def fail_unmet(self, count):
        for key in sorted(set(self.rows) - self.met):
            count.fail("differences.csv: %s %s does not occur" % key)
