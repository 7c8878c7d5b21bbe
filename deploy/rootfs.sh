#!/usr/bin/env bash
# Lays out the root file system of the native image: the executable, the shared libraries it names, and what libc asks
# for. It holds no shell, no package manager, and nothing to write to but /tmp.
# The libraries come from where this runs, which must be where the executable was linked (or newer): in
# Containerfile.native that is the builder's stage, without an engine it is this machine.
#
# usage: deploy/rootfs.sh EXECUTABLE DIRECTORY [FILE-TO-INCLUDE…]      (the files end up in /usr/share/doc/penstock)
set -euo pipefail
executable=${1:?usage: deploy/rootfs.sh EXECUTABLE DIRECTORY [FILE…]}
root=${2:?usage: deploy/rootfs.sh EXECUTABLE DIRECTORY [FILE…]}
shift 2
[ ! -e "$root" ] || { echo "$root exists already: name a directory to make" >&2; exit 2; }

install -d -m 755 "$root"/{dev,etc/penstock,proc,sys,usr/bin,usr/share/doc/penstock}
install -d -m 1777 "$root/tmp"
install -m 755 "$executable" "$root/usr/bin/penstock"

# The loader (the line without an arrow) and the libraries, each under the very path by which it is looked for.
ldd "$executable" | awk '$2 == "=>" {print $3} $1 ~ /^\// {print $1}' | while read -r library; do
    install -D -m 755 "$library" "$root$library"
done

# libc reads these to resolve names and to tell who runs. The uid is any: Kubernetes may choose another.
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
echo 'penstock:x:65532:65532:Penstock:/:/usr/sbin/nologin' > "$root/etc/passwd"
echo 'penstock:x:65532:' > "$root/etc/group"
chmod 644 "$root"/etc/{nsswitch.conf,passwd,group}

for file in "$@"; do
    install -m 644 "$file" "$root/usr/share/doc/penstock/"
done
