#!/bin/sh
# Installs what a workspace needs and the machine lacks; parts that are there already cost nothing. The local machine
# image is baked with these same lines, so a plain cloud machine ends up with the same programs.
#   install.sh node|packages|devcontainer|build-tools|cloudcli …
# npm_config_registry chooses another npm registry.
set -eu

NODE_VERSION=24.21.0
NPM_VERSION=11.16.0
DEVCONTAINER_VERSION=0.89.0
CLOUDCLI_VERSION=1.37.3

# Nobody is there to be asked, nor to have services restarted for (Ubuntu).
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
registry=${npm_config_registry:-https://registry.npmjs.org}
registry=${registry%/}
cloudcli=/opt/cloudcli/node_modules/@cloudcli-ai/cloudcli

apt_install() {
  missing=
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  keep_services_down
  # A fresh cloud machine may be upgrading itself. apt waits for one of its locks, and fails at once at the others.
  patiently apt-get update -qq -o Acquire::Retries=3
  # shellcheck disable=SC2086 # a list of words by design
  patiently apt-get install -y -qq --no-install-recommends -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Options::=--force-confold $missing
}

patiently() { # <command> …
  for pause in 5 10 20 40 80; do
    "$@" && return 0
    sleep "$pause"
  done
  "$@"
}

# What is installed starts when its turn has come: Caddy would open port 80 for everybody.
keep_services_down() {
  [ ! -e /usr/sbin/policy-rc.d ] || return 0
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

unpack() { # <package>/<version> <folder>
  mkdir -p "$2"
  name=${1%/*}
  curl -fsSL --retry 5 --retry-connrefused "$registry/$name/-/$name-${1##*/}.tgz" | tar -xz -C "$2" --strip-components=1
}

# Node from the npm registry: every registry mirror has it, and it brings the headers that native modules need.
install_node() {
  [ -x /opt/node/bin/npm ] && return 0
  apt_install ca-certificates curl
  case $(uname -m) in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
  unpack "node-linux-$arch/$NODE_VERSION" /opt/node
  unpack "npm/$NPM_VERSION" /opt/node/lib/node_modules/npm
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js /opt/node/bin/npm
  ln -sf ../lib/node_modules/npm/bin/npx-cli.js /opt/node/bin/npx
  chmod +x /opt/node/lib/node_modules/npm/bin/*-cli.js
  ln -sf /opt/node/bin/node /opt/node/bin/npm /opt/node/bin/npx /usr/local/bin/
}

install_packages() {
  apt_install ca-certificates curl docker.io iptables caddy git openssh-client iproute2 procps less
  id dev >/dev/null 2>&1 || useradd --create-home --shell /bin/bash dev
  usermod -aG docker dev
}

install_devcontainer() {
  [ -x /usr/local/bin/devcontainer ] && return 0
  npm_install /opt/devcontainer "@devcontainers/cli@$DEVCONTAINER_VERSION"
  ln -sf /opt/devcontainer/node_modules/.bin/devcontainer /usr/local/bin/devcontainer
}

install_build_tools() {
  apt_install python3 make g++
}

# CloudCLI brings the claude program along; a second copy would cost half a gigabyte.
install_cloudcli() {
  [ -d "$cloudcli" ] || npm_install /opt/cloudcli "@cloudcli-ai/cloudcli@$CLOUDCLI_VERSION"
  claude=$(find /opt/cloudcli/node_modules/@anthropic-ai -path '*-sdk-linux-*' ! -path '*musl*' -name claude -type f | head -n 1)
  ln -sf "${claude:?no claude program came with CloudCLI}" /usr/local/bin/claude
}

npm_install() { # <folder> <package>
  mkdir -p "$1"
  npm_config_nodedir=/opt/node npm install --prefix "$1" --no-audit --no-fund --no-update-notifier --loglevel=error "$2"
}

for part in "$@"; do
  case $part in
    node) install_node ;;
    packages) install_packages ;;
    devcontainer) install_devcontainer ;;
    build-tools) [ -d "$cloudcli" ] || install_build_tools ;;
    cloudcli) install_cloudcli ;;
    *) echo "install.sh: unknown part: $part" >&2 && exit 64 ;;
  esac
done
