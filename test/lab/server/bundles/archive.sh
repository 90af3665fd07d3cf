#!/bin/bash
# An archive on this machine with a newer version of a package that is there, made of what is there: archive.sh NAME N SLOW
#
# Its version is that which is there and +labN. The program that is diverted, if one is, and its files in /etc end in a line
# with it. Where SLOW.preinst or SLOW.postinst lies, that script takes very long. Prints both versions, a line each.
set -eu

control() {
	dpkg-query --status "$1" | awk -v version="$2" '
		/^(Status|Config-Version):/ { next }
		/^Conffiles:/ { inside = 1; next }
		inside && /^ / { next }
		{ inside = 0 }
		/^Version:/ { print "Version: " version; next }
		{ print }'
}

main() {
	name=$1 number=$2 slow=$3
	archive=/srv/lab-archive info=/var/lib/dpkg/info/$name
	root=$(mktemp -d)
	former=$(dpkg-query -W -f '${Version}' "$name")
	version=${former%+lab*}+lab$number
	dpkg -L "$name" | grep '^/' | while read -r path; do
		here=$(dpkg-divert --truename "$path")
		if [ -d "$here" ] && [ ! -L "$here" ]; then
			mkdir -p "$root$path"
		elif [ -e "$here" ]; then
			cp -a "$here" "$root$path"
			[ "$here" = "$path" ] || echo "$version" >>"$root$path"
		fi
	done
	find "$root/etc" -type f | while read -r path; do
		echo "# $version" >>"$path"
	done
	mkdir "$root/DEBIAN"
	control "$name" "$version" >"$root/DEBIAN/control"
	find "$root/etc" -type f -printf '/etc/%P\n' >"$root/DEBIAN/conffiles"
	cp "$info.prerm" "$root/DEBIAN/prerm"
	cp "$info.postrm" "$root/DEBIAN/postrm"
	for script in preinst postinst; do
		sed "1a [ ! -e $slow.$script ] || { touch $slow.$script.begun; sleep 3600; }" "$info.$script" >"$root/DEBIAN/$script"
		chmod 755 "$root/DEBIAN/$script"
	done
	rm -rf "$archive"
	mkdir -p "$archive"
	cd "$archive"
	dpkg-deb --build -Znone "$root" "$name.deb" >&2
	rm -r "$root"
	{
		dpkg-deb -f "$name.deb"
		printf 'Filename: ./%s\nSize: %s\nSHA256: ' "$name.deb" "$(stat -c %s "$name.deb")"
		sha256sum "$name.deb" | cut -d' ' -f1
	} >Packages
	printf 'Date: %s\nSHA256:\n %s %s Packages\n' "$(LC_ALL=C date -Ru)" "$(sha256sum Packages | cut -d' ' -f1)" \
		"$(stat -c %s Packages)" >Release
	echo "deb [trusted=yes] file:$archive ./" >/etc/apt/sources.list.d/lab.list
	sync "$archive"/* "$archive" /etc/apt/sources.list.d/lab.list
	printf '%s\n' "$former" "$version"
}

# All of it is read by then: it may come by stdin.
main "$@" </dev/null
