#!/usr/bin/env bash
# Lays out the root file system of the native image: the executable, nft for `penstock redirect`, the shared libraries that
# the two name, and what libc asks for. It holds no shell, no package manager, and nothing to write to but /tmp.
# The libraries and nft come from where this runs, whose libc must be the one that the executable was linked against, or
# newer: in Containerfile.native that is a stage of its own, without an engine it is this machine.
# Whatever is taken from a package comes with the package's licence, and its version is written down.
#
# usage: deploy/rootfs.sh EXECUTABLE DIRECTORY [FILE-TO-INCLUDE…]      (the files end up in /usr/share/doc/penstock)
set -euo pipefail
executable=${1:?usage: deploy/rootfs.sh EXECUTABLE DIRECTORY [FILE…]}
root=${2:?usage: deploy/rootfs.sh EXECUTABLE DIRECTORY [FILE…]}
shift 2
nft=$(PATH=$PATH:/usr/sbin:/sbin command -v nft) || { echo "no nft here: install the package nftables" >&2; exit 2; }
[ ! -e "$root" ] || { echo "$root exists already: name a directory to make" >&2; exit 2; }

install -d -m 755 "$root"/{dev,etc/penstock,proc,sys,usr/bin,usr/sbin,usr/share/doc/penstock}
install -d -m 1777 "$root/tmp"
install -m 755 "$executable" "$root/usr/bin/penstock"
install -m 755 "$nft" "$root/usr/sbin/nft"

# The loader (the line without an arrow) and the libraries, each under the very path by which it is looked for.
libraries=$({ ldd "$executable"; ldd "$nft"; } | awk '$2 == "=>" {print $3} $1 ~ /^\// {print $1}' | sort -u)
for library in $libraries; do
    install -D -m 755 "$library" "$root$library"
done

# Debian's or an RPM distribution's name for the package of a file. Where /lib is /usr/lib, dpkg knows the file by one of the two.
package() {
    local real path
    real=$(realpath "$1")
    if command -v dpkg-query > /dev/null; then
        for path in "$1" "/usr$1" "$real" "${real#/usr}"; do
            dpkg-query --search "$path" 2> /dev/null | sed -n '1s/[,:].*//p'
        done | head -n 1
    else
        rpm --query --file --queryformat '%{NAME}\n' "$real" | head -n 1
    fi
}
licences() {
    if command -v dpkg-query > /dev/null; then
        echo "/usr/share/doc/$1/copyright"
        # What a copyright file of Debian's does not repeat.
        grep -o '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "/usr/share/doc/$1/copyright" || true
    else
        rpm --query --licensefiles "$1"
    fi
}
origin() {
    if command -v dpkg-query > /dev/null; then
        dpkg-query --show --showformat '${binary:Package} ${Version} from ${source:Package} ${source:Version}\n' "$1" | head -n 1
    else
        rpm --query --queryformat '%{NAME} %{EVR} from %{SOURCERPM}, %{LICENSE}\n' "$1" | head -n 1
    fi
}
packages=$(for file in "$nft" $libraries; do
    name=$(package "$file")
    [ -n "$name" ] || { echo "no package owns $file, so its licence is unknown" >&2; exit 1; }
    echo "$name"
done)
for name in $(sort -u <<< "$packages"); do
    for licence in $(licences "$name" | sort -u); do
        [ -f "$licence" ] || { echo "$name: no $licence" >&2; exit 1; }
        install -D -m 644 "$licence" "$root$licence"
    done
    origin "$name" >> "$root/usr/share/doc/penstock/packages"
done
chmod 644 "$root/usr/share/doc/penstock/packages"

# libc reads these to resolve names and to tell who runs. The uid is any: Kubernetes may choose another.
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
echo 'penstock:x:65532:65532:Penstock:/:/usr/sbin/nologin' > "$root/etc/passwd"
echo 'penstock:x:65532:' > "$root/etc/group"
chmod 644 "$root"/etc/{nsswitch.conf,passwd,group}

for file in "$@"; do
    install -m 644 "$file" "$root/usr/share/doc/penstock/"
done
