# A distribution's own cloud image, as near as a container comes to it: nothing of a workspace is installed.
FROM debian:bookworm
LABEL io.pawl.image=plain
ARG DEBIAN_MIRROR=http://deb.debian.org/debian
ARG DEBIAN_SECURITY_MIRROR=http://deb.debian.org/debian-security
RUN rm -rf /etc/apt/sources.list.d/* && printf 'deb %s %s main\n' \
    "$DEBIAN_MIRROR" bookworm "$DEBIAN_MIRROR" bookworm-updates "$DEBIAN_SECURITY_MIRROR" bookworm-security \
    > /etc/apt/sources.list
COPY extra-ca/ /usr/local/share/ca-certificates/
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      ca-certificates cloud-init curl dbus locales openssh-server python3 sudo systemd systemd-sysv \
    && rm -rf /var/lib/apt/lists/*
# Where no registry of container images can be reached, the one image that a default workspace pulls.
COPY devcontainer-base.tar /usr/local/lib/pawl/devcontainer-base.tar
COPY devcontainer-base.service /etc/systemd/system/
COPY cloud.cfg /etc/cloud/cloud.cfg.d/99-local-cloud.cfg
COPY plain-cloud.cfg /etc/cloud/cloud.cfg.d/99-plain.cfg
COPY entrypoint.sh /usr/local/lib/pawl/entrypoint.sh
# Away with what a container does not have: consoles, devices, kernel modules.
RUN systemctl mask getty.target console-getty.service systemd-udevd.service systemd-udev-trigger.service \
      systemd-logind.service systemd-modules-load.service dev-hugepages.mount sys-kernel-debug.mount \
      sys-kernel-tracing.mount \
    && rm -f /usr/sbin/policy-rc.d \
    && rm -rf /var/lib/cloud /var/log/cloud-init* && : > /etc/machine-id
ENV container=docker
STOPSIGNAL SIGRTMIN+3
ENTRYPOINT ["/bin/sh", "/usr/local/lib/pawl/entrypoint.sh"]
CMD ["/sbin/init"]
