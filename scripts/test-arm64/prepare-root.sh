# Hook of mmdebstrap, $1 = the new root: adds the kernel's modules that the trial needs, and packs the root for the kernel
# to unpack at boot. Leaves tmp/root.cpio and tmp/vmlinuz. The kernel is never installed: its initramfs would be of no use.
set -eu
cd "$1"
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"

kernel=$(apt-cache depends linux-image-arm64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
(cd tmp && apt-get -qq download "$kernel" && dpkg-deb -x "$kernel"_*.deb kernel && rm "$kernel"_*.deb)
cp tmp/kernel/boot/vmlinuz-* tmp/vmlinuz

version=$(ls tmp/kernel/usr/lib/modules)
from=tmp/kernel/usr/lib/modules/$version
to=usr/lib/modules/$version
mkdir -p "$to"
cp "$from"/modules.builtin "$from"/modules.builtin.modinfo "$from"/modules.order "$to"
for name in virtio_mmio virtio_blk ext4 jbd2 mbcache crc16 crc32c_generic autofs4; do
  find "$from" -name "$name.ko*" | while read -r module; do
    folder=$to/$(dirname "${module#"$from"/}")
    mkdir -p "$folder"
    cp "$module" "$folder"
  done
done
chroot . depmod "$version"

printf 'virtio_mmio\nvirtio_blk\next4\n' > etc/modules-load.d/trial.conf
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer getty@tty1.service serial-getty@ttyAMA0.service; do
  ln -sf /dev/null "etc/systemd/system/$unit"
done
ln -sf sbin/init init
echo emulated-pi > etc/hostname
rm -rf var/lib/apt/lists/* var/cache/apt/*
find . -xdev \( -path './tmp/*' -o -path './dev/*' -o -path './proc/*' -o -path './sys/*' \) -prune -o -print0 |
  cpio --null --create --format=newc --quiet > tmp/root.cpio
