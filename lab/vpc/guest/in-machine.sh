#!/bin/bash
# Runs a command in a machine's container: in-machine NAME COMMAND [ARGUMENT …]
name=$1
shift
leader=
[ -r "/run/lab/$name.leader" ] && read -r leader <"/run/lab/$name.leader"
# The first process of a container that was restarted is another.
if [ -z "$leader" ] || ! read -r comm 2>/dev/null <"/proc/$leader/comm" || [ "$comm" != systemd ]; then
  leader=$(machinectl show -P Leader "$name" 2>/dev/null) || {
    echo "the machine $name does not run" >&2
    exit 1
  }
  echo "$leader" >"/run/lab/$name.leader"
fi
cd /
exec nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup -- "$@"
