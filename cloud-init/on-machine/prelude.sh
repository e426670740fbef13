#!/bin/sh
# The first thing that cloud-init runs: brings Node where it is missing, then hands over to the boot program.
set -u
log=/run/pawl-prelude.log
export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt

if ! sh /opt/pawl/install.sh node >"$log" 2>&1; then
  cat "$log" >&2
  # Without Node there is cloud-init's own Python to say so.
  python3 /opt/pawl/report-no-node.py "$log"
  exit 1
fi
exec /usr/local/bin/node --disable-warning=ExperimentalWarning /opt/pawl/boot.ts
