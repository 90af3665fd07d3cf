# What both images share: where packages come from, and a root made of them. Sourced by ami.sh and tools.sh.
# shellcheck shell=bash

SUITE=trixie

# The Debian mirror that this machine itself uses (sources.list or deb822: apt reads both).
# mirror Debian | mirror Debian-Security: the archive's label
mirror() {
  local uri
  uri=$(known_mirror "$1")
  # Without apt's lists no archive has a label yet.
  [ -n "$uri" ] || { apt-get -q update >&2; uri=$(known_mirror "$1"); }
  case $uri in
  # Cloud images name a file with one mirror a line.
  mirror+file:*) uri=$(awk 'NF && !found { print $1; found = 1 }' "${uri#mirror+file:}") ;;
  "")
    echo "apt on this machine has no archive of Debian with the label $1: add one to its sources" >&2
    return 1
    ;;
  esac
  echo "$uri"
}

known_mirror() {
  # shellcheck disable=SC2016 # these fields are apt's to expand
  apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -F '|' -v label="$1" '$1 == label && !found { print $2; found = 1 }'
}

# debootstrap_root DIR PACKAGE,PACKAGE…: a minimal Debian 13 root with these packages and no recommended ones.
debootstrap_root() {
  local debian security
  debian=$(mirror Debian)
  security=$(mirror Debian-Security)
  echo "packages of $SUITE from $debian and $security"
  mmdebstrap --quiet --variant=minbase --mode=root --format=directory --architectures=amd64 \
    --keyring=/usr/share/keyrings --aptopt='APT::Install-Recommends "false"' --include="$2" "$SUITE" "$1" \
    "deb $debian $SUITE main" "deb $debian $SUITE-updates main" "deb $security $SUITE-security main"
}

# What an image may not share between its machines.
forget_identity() {
  : >"$1/etc/machine-id"
  rm -f "$1"/etc/ssh/ssh_host_* "$1/var/lib/dbus/machine-id" "$1/var/lib/systemd/random-seed"
}

# fetch_packages DIR SUITE PACKAGE…: Debian's packages of a suite that this machine does not use, verified by apt and not
# installed: DIR/PACKAGE_VERSION_ARCHITECTURE.deb. Of the machine it uses the mirror, the keys and apt's settings; its
# sources, lists and packages stay as they are.
fetch_packages() {
  local apt debian suite=$2
  apt=$(realpath -m "$1/apt")
  debian=$(mirror Debian)
  shift 2
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  : >"$apt/status"
  echo "deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $debian $suite main" >"$apt/sources.list"
  # The last of apt's settings to be read. What the machine does after an update is about its own lists.
  cat >"$apt/apt.conf" <<EOF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$apt";
Dir::State::Lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
Dir::Cache::Archives "$apt/archives";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
APT::Sandbox::User "root";
EOF
  apt-get -q -c "$apt/apt.conf" --error-on=any update
  (cd "$apt/.." && apt-get -q -c "$apt/apt.conf" download "$@")
  rm -r "$apt"
}
