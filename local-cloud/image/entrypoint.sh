#!/bin/sh
# Prepares for systemd what `--privileged` prepares, where the engine had to leave that flag out; harmless otherwise.
mount -o remount,rw,bind /sys
for tree in /sys/fs/cgroup /sys/fs/cgroup/*/; do
  mount -o remount,rw,bind "$tree" 2>/dev/null
done
mount --make-rshared /
exec "$@"
