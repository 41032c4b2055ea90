#!/usr/bin/env bash
# Installs a bundle on the primary node of a cluster: the Java kernel in its Enterprise Gateway, and what runs notebooks headless.
# Needs no internet. Safe to run twice; until all is in place an earlier version stays the current one.
#
#   install-kernel.sh [options]
#
#   --bundle PATH|URI     verger-bundle-*.tar.gz, its unpacked folder, or s3://… of it   (default: the folder that this script is in)
#   --sha256 HEX          what the bundle's SHA-256 must be, for one that comes from where others can write
#   --prefix DIR          where it goes: DIR/<version>, and DIR/current, a link to it    (default: /opt/verger)
#   --gateway-env DIR     the gateway's Python environment                               (default: /emr/notebook-env, else the one
#                         that jupyter-enterprisegateway on the PATH is of)
#   --user NAME           whom the gateway runs kernels as                               (default: emr-notebook)
#   --spark-home DIR      Spark                                                          (default: /usr/lib/spark)
#   --hadoop-conf DIR     Hadoop's and YARN's settings                                   (default: /etc/hadoop/conf)
#   --restart COMMAND     restarts the gateway                                           (default: systemctl restart jupyter_enterprise_gateway)
#   --gateway-url URL     where it answers                                               (default: EMR's port, 9547, by https or http)
#   --cull-idle SECONDS   after which the gateway ends an idle kernel, of a notebook left open too (default: 3600)
#   --no-gateway          headless notebooks only
#   --help
#
# VERGER_JAVA_HOME names a JDK 17, if not one that is found; EG_AUTH_TOKEN is the gateway's token, if it wants one.
set -euo pipefail
umask 022

say() { echo "install-kernel: $*"; }
fail() {
  echo "install-kernel: $*" >&2
  exit 1
}

parse() {
  bundle= sha256= prefix=/opt/verger gateway_env= user=emr-notebook spark_home=/usr/lib/spark hadoop_conf=/etc/hadoop/conf
  restart='systemctl restart jupyter_enterprise_gateway' gateway_url= cull_idle=3600 with_gateway=1
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) sed -n '2,/^set -e/{/^set -e/d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}" && exit 0 ;;
      --no-gateway) with_gateway= && shift && continue ;;
      --bundle | --sha256 | --prefix | --gateway-env | --user | --spark-home | --hadoop-conf | --restart | --gateway-url | --cull-idle) ;;
      *) fail "there is no option $1: see --help" ;;
    esac
    [ $# -gt 1 ] || fail "$1 needs a value: see --help"
    case $1 in
      --bundle) bundle=$2 ;;
      --sha256) sha256=$2 ;;
      --prefix) prefix=$2 ;;
      --gateway-env) gateway_env=$2 ;;
      --user) user=$2 ;;
      --spark-home) spark_home=$2 ;;
      --hadoop-conf) hadoop_conf=$2 ;;
      --restart) restart=$2 ;;
      --gateway-url) gateway_url=$2 ;;
      --cull-idle) cull_idle=$2 ;;
    esac
    shift 2
  done
  [[ -z $sha256 || $sha256 =~ ^[0-9a-f]{64}$ ]] || fail "--sha256 is 64 hexadecimal digits in small letters: got $sha256"
  [[ $cull_idle =~ ^[0-9]+$ ]] || fail "--cull-idle is a number of seconds: got $cull_idle"
}

as_root() { # EMR runs steps as hadoop, who may sudo
  if [ "$(id -u)" != 0 ] && ! { mkdir -p "$prefix" 2>/dev/null && [ -w "$prefix" ]; }; then
    sudo -n true 2>/dev/null || fail "cannot write to $prefix: run this as root, or set --prefix"
    exec sudo --preserve-env=VERGER_JAVA_HOME,EG_AUTH_TOKEN,PATH bash "${BASH_SOURCE[0]}" "$@"
  fi
}

# What must be there before anything is changed

find_java() { # a JDK 17 that can compile cells
  local candidate modules seen=
  for candidate in "${VERGER_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*17* /usr/lib/jvm/* "$(java_on_path)"; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/java" ] || continue
    modules=$("$candidate/bin/java" --list-modules 2>/dev/null) || continue
    if [[ $modules == *java.base@17* && $modules == *jdk.jshell@* && $modules == *jdk.compiler@* ]]; then
      java_home=$candidate
      return
    fi
    seen+=" $candidate"
  done
  fail "there is no JDK 17 with jdk.jshell, which the Java kernel compiles cells with (looked in:${seen:- /usr/lib/jvm}):" \
    "install one (dnf install java-17-amazon-corretto-devel) or set VERGER_JAVA_HOME"
}

java_on_path() {
  local java
  java=$(readlink -f "$(command -v java || true)" || true)
  [ -z "$java" ] || dirname "$(dirname "$java")"
}

find_python() { # for headless notebooks: one that the wheels are for, and that others may read
  for python in /usr/bin/python3.11 /usr/bin/python3.9 /usr/bin/python3 "$(command -v python3.11 || true)" "$(command -v python3.9 || true)"; do
    if [ -x "$python" ]; then
      python_version=$("$python" -c 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true)
      case $python_version in 3.9 | 3.11) return ;; esac
    fi
  done
  fail "there is no Python 3.9 or 3.11 with venv, which the bundle's wheels are for: install one (dnf install python3.11)"
}

check_spark() {
  compgen -G "$spark_home/jars/spark-core_2.12-3.5.*.jar" >/dev/null ||
    fail "there is no Spark 3.5 in $spark_home (no jars/spark-core_2.12-3.5.*.jar): set --spark-home"
  [ -d "$hadoop_conf" ] || fail "there is no folder $hadoop_conf with Hadoop's settings: set --hadoop-conf"
}

find_gateway() {
  if [ -z "$gateway_env" ]; then
    gateway_env=/emr/notebook-env
    if [ ! -d "$gateway_env" ] && command -v jupyter-enterprisegateway >/dev/null; then
      gateway_env=$(dirname "$(dirname "$(readlink -f "$(command -v jupyter-enterprisegateway)")")")
    fi
  fi
  gateway_python=
  for name in python python3; do
    if [ -x "$gateway_env/bin/$name" ]; then gateway_python=$gateway_env/bin/$name && break; fi
  done
  [ -n "$gateway_python" ] || fail "there is no Python environment $gateway_env of an Enterprise Gateway: set --gateway-env, or --no-gateway"
  "$gateway_python" -c 'import enterprise_gateway' 2>/dev/null ||
    fail "$gateway_env has no Enterprise Gateway in it: set --gateway-env, or --no-gateway"
  id "$user" >/dev/null 2>&1 || fail "there is no user $user, whom the gateway runs kernels as: set --user"
}

# The new version, beside an earlier one

fetch() { # leaves the bundle's unpacked folder in $unpacked
  if [ -z "$bundle" ]; then
    bundle=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
    [ -f "$bundle/VERSION" ] || fail "there is no bundle beside this script: set --bundle"
  fi
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  case $bundle in
    *://*)
      say "fetching $bundle"
      if command -v aws >/dev/null && [[ $bundle == s3://* ]]; then
        aws s3 cp --only-show-errors "$bundle" "$work/bundle.tar.gz" || fail "cannot fetch $bundle: what aws said is above"
      else
        command -v hadoop >/dev/null || fail "neither aws nor hadoop is here to fetch $bundle: set --bundle to a file"
        hadoop fs -copyToLocal "$bundle" "$work/bundle.tar.gz" || fail "cannot fetch $bundle: what hadoop said is above"
      fi
      bundle=$work/bundle.tar.gz
      ;;
  esac
  if [ -d "$bundle" ]; then
    [ -z "$sha256" ] || fail "--sha256 is of an archive, and $bundle is a folder: set --bundle to the verger-bundle-*.tar.gz"
    unpacked=$bundle
  else
    [ -f "$bundle" ] || fail "there is no bundle $bundle"
    [ -z "$sha256" ] || echo "$sha256  $bundle" | sha256sum --check --quiet >/dev/null 2>&1 ||
      fail "the bundle has the SHA-256 $(sha256sum "$bundle" | cut -c1-64), and not $sha256: nothing of it is run"
    tar -xzf "$bundle" -C "$work" 2>"$work/tar" || fail "$bundle is no bundle, or is cut short: $(tail -n 1 "$work/tar")"
    unpacked=$work/verger
  fi
  [ -f "$unpacked/VERSION" ] && [ -f "$unpacked/kernel/launch" ] || fail "$bundle is no bundle: it has no verger/VERSION or verger/kernel/launch"
  version=$(cat "$unpacked/VERSION")
}

offline_pip() { # PYTHON pip's arguments…
  env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore "$1" -m pip "${@:2}" -q --no-index --find-links "$prefix/$version/wheels" >"$work/pip" 2>&1 ||
    fail "pip ${*:2} failed: $(grep -v '^ *$' "$work/pip" | tail -n 1)"
}

put_in_place() {
  local home=$prefix/$version
  if [ -f "$home/.complete" ] && is_whole "$home"; then
    say "$home is there already"
  else
    say "unpacking to $home"
    if [ "$(readlink -f "$unpacked")" != "$(readlink -f "$home")" ]; then
      rm -rf "$home"
      mkdir -p "$home"
      cp -R "$unpacked/." "$home/"
    fi
    rm -rf "$home/venv"
    chmod -R a+rX "$home"
    say "making the environment for headless notebooks with $python (Python $python_version)"
    "$python" -m venv "$home/venv" || fail "$python cannot make an environment: what it said is above"
    offline_pip "$home/venv/bin/python" install --require-hashes -r "$home/wheels/requirements-$python_version.txt"
    offline_pip "$home/venv/bin/python" install --no-deps papermill-java # the bundle's own, which no list has a hash of
    touch "$home/.complete"
  fi
  # Settings of this machine, which may have changed since.
  "$home/venv/bin/python" "$home/kernel/write_kernelspecs.py" --home "$home" --headless "${machine[@]}" >/dev/null
}

is_whole() { # whether a version in place still has all that the bundle has, with the same content
  local file
  while IFS= read -r -d '' file; do
    cmp -s "$unpacked/$file" "$1/$file" || { say "$1/$file is missing or damaged: the version is put in place anew" && return 1; }
  done < <(cd "$unpacked" && find . -type f -not -path './venv/*' -not -name .complete -printf '%P\0')
}

make_hdfs_home() { # where Spark puts what a YARN application needs
  local folder=/user/$user as
  command -v hdfs >/dev/null || return 0
  [[ $(HADOOP_CONF_DIR=$hadoop_conf hdfs getconf -confKey fs.defaultFS 2>/dev/null || true) == hdfs://* ]] || return 0
  export HADOOP_CONF_DIR=$hadoop_conf
  hdfs dfs -test -d "$folder" 2>/dev/null && return 0
  for as in hdfs "$(id -un)"; do
    if HADOOP_USER_NAME=$as hdfs dfs -mkdir -p "$folder" 2>/dev/null && HADOOP_USER_NAME=$as hdfs dfs -chown "$user" "$folder" 2>/dev/null; then
      say "made $folder in HDFS"
      return 0
    fi
  done
  say "cannot make $folder in HDFS, where Spark on YARN keeps what an application needs: make it, and give it to $user"
}

# The gateway

install_in_gateway() {
  local home=$prefix/$version config
  if "$gateway_python" -c 'import papermill' 2>/dev/null; then
    if "$gateway_python" -m pip --version >/dev/null 2>&1; then
      offline_pip "$gateway_python" install --no-deps --force-reinstall papermill-java
      say "papermill in $gateway_env passes parameters into Java notebooks"
    else
      say "$gateway_env has papermill but no pip: parameters of Java notebooks need papermill-java there"
    fi
  fi
  config=$gateway_env/etc/jupyter/jupyter_enterprise_gateway_config.json
  if [ -e "$config" ]; then
    say "$config is there already and stays as it is"
  else
    mkdir -p "$(dirname "$config")"
    printf '{\n  "MappingKernelManager": {\n    "cull_idle_timeout": %d,\n    "cull_interval": %d,\n    "cull_connected": true\n  }\n}\n' \
      "$cull_idle" $((cull_idle < 300 ? cull_idle / 5 + 1 : 60)) >"$config"
    chmod a+r "$config"
  fi
  # The same file in Python, which makes JupyterLab 4 work: it says how.
  config=${config%.json}.py
  if [ -e "$config" ] && ! grep -q "^def mend" "$config"; then
    say "$config is there already and stays as it is: JupyterLab may not reach a kernel that is still starting"
  else
    install -m 644 "$home/kernel/gateway_config.py" "$config"
  fi
  # EMR's idle timer does not see a kernel outside of YARN: kernel_process.py touches this file while one lives.
  if [ -d /emr/metricscollector ]; then
    touch /emr/metricscollector/isbusy && chown "$user" /emr/metricscollector/isbusy ||
      say "cannot give /emr/metricscollector/isbusy to $user: the cluster may count as idle while a kernel lives"
  fi
  kernels=$("$gateway_python" "$home/kernel/write_kernelspecs.py" --home "$prefix/current" "${machine[@]}") ||
    fail "cannot write the kernelspecs into $gateway_env: what Python said is above"
  say "kernels verger and verger-cluster are in $kernels"
}

switch_to() { # VERSION: in one step, whatever runs
  ln -sfn "$1" "$prefix/current.new"
  mv -T "$prefix/current.new" "$prefix/current"
}

restart_gateway() {
  say "restarting the gateway: $restart"
  bash -c "$restart" || return 1
}

check_kernel() {
  local urls=$gateway_url host
  if [ -z "$urls" ]; then
    host=$(hostname -f 2>/dev/null || hostname)
    urls="https://localhost:9547 http://localhost:9547 https://$host:9547 http://$host:9547"
  fi
  local code=0
  "$gateway_python" "$prefix/$version/kernel/try_kernel.py" --url "$urls" --kernel verger --kernel verger-cluster --user "$user" || code=$?
  # Where it was only guessed how to reach the gateway, headless notebooks need not suffer.
  if [ $code = 3 ] && [ -z "$gateway_url" ]; then
    say "NOT CHECKED, as said above: whether the gateway starts the kernel. Set --gateway-url and EG_AUTH_TOKEN to check it"
    return 0
  fi
  return $code
}

check_readable() { # a folder of mode 0700 on the way would do
  [ "$(id -un)" != "$user" ] && command -v runuser >/dev/null && [ "$(id -u)" = 0 ] || return 0
  runuser -u "$user" -- test -r "$prefix/$version/kernel/launch" || fail "$user cannot read $prefix/$version: set --prefix"
  runuser -u "$user" -- test -x "$java_home/bin/java" || fail "$user cannot run $java_home/bin/java: set VERGER_JAVA_HOME to a JDK that $user can"
}

parse "$@"
as_root "$@"
find_java
find_python
check_spark
[ -z "$with_gateway" ] || find_gateway
mkdir -p "$prefix"
prefix=$(cd "$prefix" && pwd)
machine=(--spark-home "$spark_home" --hadoop-conf "$hadoop_conf" --java-home "$java_home")
fetch
put_in_place
before=$(readlink "$prefix/current" || true)
if [ -n "$with_gateway" ]; then
  check_readable
  make_hdfs_home
  install_in_gateway
fi
switch_to "$version"
if [ -n "$with_gateway" ]; then
  if ! { restart_gateway && check_kernel; }; then
    if [ -n "$before" ] && [ "$before" != "$version" ] && [ -d "$prefix/$before" ]; then
      switch_to "$before"
      restart_gateway || true
      fail "the kernel of version $version does not work, as said above: $before is the current version again"
    fi
    fail "the kernel does not work, as said above"
  fi
fi
say "version $version is in $prefix/current; headless notebooks: $prefix/current/run-notebook --help"
