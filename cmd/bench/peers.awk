# peers.awk: what a scan answers, asked of awk: requests, refusals and bytes a user and app of a Squid log.
#   mawk -v signatures=FILE -f peers.awk LOG     FILE: domain, app, role; tab separated
# The app is looked up once a host, in the longest name that covers it.

function app_of(host,    name, dot)
{
    if (("=" host) in app)
        return app["=" host]
    for (name = host; !(name in app); name = substr(name, dot + 1))
        if ((dot = index(name, ".")) == 0)
            return "-"
    return app[name]
}

BEGIN {
    while ((getline < signatures) > 0)
        app[$1] = $2 "\t" ($3 == "embed")
    FS = " "
}

$4 == "TCP_DENIED/407" { next }

{
    host = $7
    if ($6 == "CONNECT") {
        sub(/:[0-9]*$/, "", host)
    } else {
        split(host, part, "/")
        host = part[3]
    }
    if (!(host in known))
        known[host] = app_of(host)
    if (substr(known[host], 1, 1) == "-")
        next
    cell = $8 "\t" known[host]
    if ($4 ~ /^TCP_DENIED/) {
        denied[cell]++
    } else {
        requests[cell]++
        bytes[cell] += $5
    }
}

END {
    for (cell in requests)
        printf "%s\t%d\t%d\t%.0f\n", cell, requests[cell], denied[cell], bytes[cell]
    for (cell in denied)
        if (!(cell in requests))
            printf "%s\t0\t%d\t0\n", cell, denied[cell]
}
