// What makes a launcher's container of unshared namespaces: on this machine's own root file system, or on an image's.

/** The host's Debian with the launcher laid over it, as standalone/ makes it. */
const hostRoot = `
root=
mount -t tmpfs -o mode=755 none /opt
mkdir -p /opt/knvirt/drivers
touch /opt/knvirt/node /opt/knvirt/launcher.js /opt/knvirt/launcher-run
mount --bind "$NODE" /opt/knvirt/node
mount --bind "$BUNDLE" /opt/knvirt/launcher.js
mount --bind "$RUN" /opt/knvirt/launcher-run
ln -s /usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so /opt/knvirt/drivers/
cp /etc/passwd /etc/group /mnt
grep -q '^[^:]*:[^:]*:107:' /etc/passwd || echo qemu:x:107:107::/:/usr/sbin/nologin >> /mnt/passwd
grep -q '^[^:]*:[^:]*:107:' /etc/group || echo qemu:x:107: >> /mnt/group
mount --bind /mnt/passwd /etc/passwd
mount --bind /mnt/group /etc/group
`;

/** An image as it was built, with what a runtime mounts. */
const imageRoot = `
root=/mnt/root
mkdir /mnt/upper /mnt/work $root
mount -t overlay -o lowerdir="$IMAGE",upperdir=/mnt/upper,workdir=/mnt/work none $root
mount -t proc none $root/proc
mount -t sysfs -o ro none $root/sys
`;

const devices = `
mkdir -p /mnt/dev/net
mknod -m 666 /mnt/dev/null c 1 3
mknod -m 666 /mnt/dev/zero c 1 5
mknod -m 666 /mnt/dev/random c 1 8
mknod -m 666 /mnt/dev/urandom c 1 9
mknod -m 666 /mnt/dev/net/tun c 10 200
mknod -m 600 /mnt/dev/kvm c 10 232
chown 107:107 /mnt/dev/kvm
touch "$VOLUMES/termination-log" /mnt/dev/termination-log
chown 107:107 "$VOLUMES/termination-log"
mount --bind "$VOLUMES/termination-log" /mnt/dev/termination-log
mount --rbind /mnt/dev $root/dev
`;

const network = `
ip link add k6t-eth0 address 02:00:00:00:00:00 type bridge
ip address add 10.0.2.1/24 dev k6t-eth0
ip tuntap add tap0 mode tap user 107 group 107
ip link set tap0 master k6t-eth0
ip link set tap0 up
ip link set k6t-eth0 up
ip link set lo up
ip route add 255.255.255.255/32 dev k6t-eth0
echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start
`;

/** Run by a shell that is root in namespaces of its own. */
export const containerScript = `set -e
mount -t tmpfs -o mode=755 none /mnt
if [ -n "$IMAGE" ]; then ${imageRoot} else ${hostRoot} fi
mount -t tmpfs -o mode=755 none $root/run
mkdir $root/run/knvirt
mount --bind "$VOLUMES" $root/run/knvirt
${devices}
${network}
exec chroot $root/ sh -ec 'eval "$PREPARE"
exec setpriv --reuid 107 --regid 107 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \\
  /usr/bin/tini -- /opt/knvirt/launcher-run'
`;
