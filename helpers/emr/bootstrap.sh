#!/usr/bin/env bash
# Bootstrap action of every node: what the notebooks need of the system and a node may lack. It never fails the cluster: what
# is missing is said in /mnt/var/log/bootstrap-actions/, and install-kernel.sh says what it cannot do without.
#
# Amazon Linux 2023 keeps its packages on S3 in the cluster's region: a gateway endpoint for S3 is enough, no internet.
set -uo pipefail

# Settable, so that it can be tried on a machine that is no node.
install=${VERGER_INSTALL:-sudo dnf install -y -q}

say() { echo "verger bootstrap: $*"; }

has_jdk() {
  local java=${JAVA_HOME:-/etc/alternatives/java_sdk}/bin/java
  [ -x "$java" ] || java=$(command -v java) || return 1
  local modules
  modules=$("$java" --list-modules 2>/dev/null) || return 1
  grep -q '^jdk\.jshell@17' <<<"$modules" && grep -q '^jdk\.compiler@17' <<<"$modules"
}

has_font() { command -v fc-list >/dev/null && [ -n "$(fc-list 2>/dev/null)" ]; }

packages=()
has_jdk || packages+=(java-17-amazon-corretto-devel)
has_font || packages+=(fontconfig dejavu-sans-fonts)
if [ ${#packages[@]} -eq 0 ]; then
  say "a JDK 17 and a font are here"
  exit 0
fi

say "installing ${packages[*]}"
for attempt in 1 2 3; do
  # A node that has just started may still hold the package manager's lock.
  if timeout 300 $install "${packages[@]}"; then
    break
  fi
  say "attempt $attempt failed"
  sleep "${VERGER_PAUSE:-10}"
done
has_jdk || say "MISSING: a JDK 17 with jdk.jshell (java-17-amazon-corretto-devel): the Java kernel cannot compile cells"
has_font || say "MISSING: a font (fontconfig dejavu-sans-fonts): charts cannot be drawn; all else works"
exit 0
