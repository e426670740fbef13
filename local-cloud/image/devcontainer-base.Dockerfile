# Stands in for mcr.microsoft.com/devcontainers/base:bookworm where no registry can be reached.
FROM debian:bookworm
LABEL io.pawl.image=devcontainer-base
ARG DEBIAN_MIRROR=http://deb.debian.org/debian
RUN rm -rf /etc/apt/sources.list.d/* && printf 'deb %s bookworm main\n' "$DEBIAN_MIRROR" > /etc/apt/sources.list
COPY extra-ca/ /usr/local/share/ca-certificates/
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      ca-certificates curl git less nano openssh-client procps sudo \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --shell /bin/bash --uid 1000 vscode \
    && echo 'vscode ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/vscode
LABEL devcontainer.metadata='[{"remoteUser":"vscode"}]'
