#!/bin/sh
# Turns a fresh cloud machine into what machines are made from, once cloud-init is done with it: installs what every one of
# them needs, takes away what makes this one itself, and powers it off. Going off by itself is how it says that all went
# well; what fails stays on, and says why. What goes on is served to whoever asks: the control plane. None of it is secret.
#   bake.sh <port>
set -u
export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt HOME=/root
here=$(dirname "$0")
# In memory, so none of it gets into the image.
work=/run/pawl-bake
served=$work/served
mkdir -p "$served"
: >"$work/log"

serve_report() {
  while :; do
    { cat "$work/state" && tail -c 2000 "$work/log"; } >"$work/report" 2>/dev/null && mv "$work/report" "$served/report"
    sleep 1
  done &
  runuser -u nobody -- python3 -m http.server "$1" --directory "$served" >/dev/null 2>&1 &
}

tell() { # <installing|failed> <what>
  echo "$1 $2" >"$work/state"
}

take() { # <what> <command> …
  what=$1
  shift
  tell installing "$what"
  "$@" >>"$work/log" 2>&1 && return 0
  tell failed "$what"
  # Its words must be heard; whoever heard them takes the machine away.
  sleep infinity
}

# A machine made from the image starts the proxy when its turn has come.
keep_proxy_down() {
  systemctl disable --now --quiet caddy.service
}

clean() {
  rm -rf /root/.npm /root/.cache /tmp/* /var/tmp/* /var/lib/apt/lists/*
  apt-get clean
  rm -f /etc/ssh/ssh_host_* /root/.ssh/authorized_keys /root/.bash_history /var/lib/systemd/random-seed
  cloud-init clean --logs
  # Empty, not missing: a boot without the file is a first one to systemd, which then enables every service again.
  : >/etc/machine-id
  ln -sf /etc/machine-id /var/lib/dbus/machine-id
  # From here on the journal is in memory.
  journalctl --relinquish-var
  rm -rf /var/log/journal/*
  find /var/log -type f -exec truncate --size=0 {} +
  rm -rf "$here"
  sync
}

tell installing 'what was asked for'
serve_report "$1"
for part in node packages devcontainer build-tools cloudcli; do
  take "$part" sh "$here/install.sh" "$part"
done
take proxy keep_proxy_down
take cleanliness clean
systemctl poweroff
