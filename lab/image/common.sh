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
# installed: DIR/PACKAGE_VERSION_ARCHITECTURE.deb. This machine's own sources and packages stay as they are.
fetch_packages() {
  local dir suite options
  dir=$(realpath -m "$1") suite=$2
  shift 2
  mkdir -p "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror Debian) $suite main" >"$dir/apt/sources.list"
  options=(-o Dir::Etc::SourceList="$dir/apt/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$dir/apt/lists"
    -o Dir::Cache="$dir/apt/cache" -o Dir::State::status=/dev/null -o APT::Sandbox::User=root -q)
  apt-get "${options[@]}" --error-on=any update
  (cd "$dir" && apt-get "${options[@]}" download "$@")
  rm -r "$dir/apt"
}
