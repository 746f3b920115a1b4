"""generated.py: the logs of the benchmarks, made once into BUILD/bench and made anew where kage-gen makes others."""

import functools
import glob
import hashlib
import os
import subprocess
import tempfile

SAMPLE = ["--lines", "2000", "--users", "500", "--hosts", "20000"]


def command(build, kind, lines, users, hosts, seed):
    return [os.path.join(build, "kage-gen"), "--format", kind, "--lines", str(lines), "--users", str(users), "--hosts",
            str(hosts), "--days", "1", "--seed", str(seed)]


@functools.lru_cache(maxsize=None)
def edition(build, kind):
    """Another one where code or signatures have changed what is generated."""
    with tempfile.NamedTemporaryFile() as truth:
        text = subprocess.run([os.path.join(build, "kage-gen"), "--format", kind, *SAMPLE, "--truth", truth.name],
                              stdout=subprocess.PIPE, check=True).stdout
        return hashlib.sha256(text + truth.read()).hexdigest()[:8]


def log(build, kind, lines, users=2000, hosts=20000, seed=7, packed=True):
    """A log and its truth."""
    name = "%s-%d-%d-%d-%d" % (kind, lines, users, hosts, seed)
    stem = os.path.join(build, "bench", name + "-" + edition(build, kind))
    path, truth = stem + (".log.gz" if packed else ".log"), stem + ".csv"
    if os.path.exists(path):
        return path, truth
    for old in glob.glob(os.path.join(build, "bench", name + "-????????.*")):
        if not old.startswith(stem):
            os.remove(old)
    with open(path + ".part", "wb") as out:
        source = subprocess.Popen(command(build, kind, lines, users, hosts, seed) + ["--truth", truth],
                                  stdout=subprocess.PIPE if packed else out)
        if packed:
            subprocess.run(["gzip", "-6"], stdin=source.stdout, stdout=out, check=True)
        if source.wait() != 0:
            raise RuntimeError("kage-gen failed")
    os.rename(path + ".part", path)
    return path, truth
