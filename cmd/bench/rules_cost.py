"""What rules cost a log without lines they are about: the program beside one that was built without rules."""

import os
import shutil
import subprocess

SOURCES = (".ci", "cmd", "src", "signatures", "testdata", "Makefile")


def build_without(bench):
    """The program, in a tree of its own."""
    tree = os.path.join(bench.folder, "without-rules")
    for name in SOURCES:
        if os.path.isdir(name):
            shutil.rmtree(os.path.join(tree, name), ignore_errors=True)  # what was removed since must not stay
            shutil.copytree(name, os.path.join(tree, name))
        else:
            shutil.copy2(name, tree)
    with open(os.path.join("signatures", "rules.csv"), encoding="utf-8") as rules:
        heading = rules.readline()
    with open(os.path.join(tree, "signatures", "rules.csv"), "w", encoding="utf-8") as rules:
        rules.write(heading)
    subprocess.run(["make", "-C", tree, "-j%d" % os.cpu_count(), "BUILD=build", "build/kage"], stdout=subprocess.DEVNULL, check=True)
    return os.path.join(tree, "build", "kage")


def run(bench):
    if os.environ.get("BENCH_RULES", "0") == "0":
        bench.left_out.append("scans with and without rules: BENCH_RULES=1 asks for them")
        return
    without = build_without(bench)
    for kind in ("squid", "csv"):
        log, _ = bench.generate(kind, bench.lines, 7, True)
        with_rules = bench.scan(1, log)
        without_rules = [without] + with_rules[1:]
        bench.compare("scan %s, cpu, with rules / without" % kind, without_rules, with_rules, 1)
        bench.compare("scan %s, cpu, without / without" % kind, without_rules, without_rules, 1)
