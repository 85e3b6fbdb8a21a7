#!/usr/bin/env bash
# A gate on a machine of its own, with the kernel's devices: Debian in QEMU, `hcert` under its systemd unit.
#
#   cargo xtask soak machine [--cuts 10]        or        scanner/gate/tests/machine/run.sh [CUTS]
#
# Needs Linux on x86-64 of Debian's kind (the machine has its release, so that the program runs there), root for
# building the machine, and: qemu-system-x86 mmdebstrap e2fsprogs gcc make. With /dev/kvm it takes some minutes.
# HCERT_MACHINE_PART=camera,full shows only these parts. Downloads about 200 MB once. All is kept in target/machine; --fresh as the first argument begins anew.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../../.." && pwd)
work=${CARGO_TARGET_DIR:-$top/target}/machine
[ "${1:-}" = --fresh ] && { rm -rf "$work"; shift; }
cuts=${1:-10}
mkdir -p "$work"
cd "$work"
for program in qemu-system-x86_64 mmdebstrap mkfs.ext4 gcc make; do
    command -v "$program" >/dev/null || {
        echo "needs $program: apt-get install --no-install-recommends qemu-system-x86 mmdebstrap e2fsprogs gcc make"
        exit 2
    }
done
# shellcheck disable=SC1091
. /etc/os-release
suite=${VERSION_CODENAME:?}

if [ ! -e root.done ]; then
    echo "# building Debian $suite"
    rm -rf root && mmdebstrap --quiet --variant=minbase \
        --include=systemd,systemd-sysv,dbus,udev,kmod,python3,v4l-utils,linux-image-amd64,initramfs-tools,libnss-systemd \
        "$suite" root >mmdebstrap.log 2>&1 || { tail -20 mmdebstrap.log; exit 1; }
    rm -rf root/usr/share/{doc,man,locale} root/var/cache/apt root/var/lib/apt/lists
    touch root.done
fi
kernel=$(basename root/lib/modules/*)

# A camera. Without it that part is left out, and says so.
if [ ! -e v4l2loopback.done ]; then
    rm -rf headers && mkdir headers && (
        cd headers
        apt-get download -qq "linux-headers-$kernel" "linux-headers-${kernel%-*}-common" \
            "$(apt-cache depends "linux-headers-$kernel" | sed -n 's/.*Depends: \(linux-kbuild-.*\)/\1/p')" v4l2loopback-dkms
        for package in *.deb; do dpkg -x "$package" .; done
        sed -i "s#/usr/src/#$PWD/usr/src/#" "usr/src/linux-headers-$kernel/Makefile"
        make -s -C "usr/src/linux-headers-$kernel" M="$(echo "$PWD"/usr/src/v4l2loopback-*)" modules
        cp usr/src/v4l2loopback-*/v4l2loopback.ko "../root/lib/modules/$kernel/"
    ) >headers.log 2>&1 && chroot root depmod "$kernel" && touch v4l2loopback.done || echo "# no v4l2loopback: see $work/headers.log"
fi

echo "# building hcert, certificates, lists and pictures"
export HCERT_MACHINE=$work/materials
rm -rf materials
(cd "$top" && cargo test --quiet --locked -p cli --test machine -- --ignored materials) >materials.log 2>&1 ||
    { tail -20 materials.log; exit 1; }
python3 - <<'PYTHON'
for name in ("valid", "forged", "empty"):
    grey = open(f"materials/{name}.grey", "rb").read()
    yuyv = bytearray(b"\x80") * (2 * len(grey))
    yuyv[0::2] = grey
    open(f"materials/{name}.yuyv", "wb").write(yuyv)
    open(f"materials/{name}.nv12", "wb").write(grey + b"\x80" * (len(grey) // 2))
PYTHON

cp "$here/inside.py" materials/
rm -rf root/machine && cp -r materials root/machine
strip -o root/usr/bin/hcert "${CARGO_TARGET_DIR:-$top/target}/debug/hcert"
install -D -m644 "$here/../../hcert-gate.service" root/etc/systemd/system/hcert-gate.service
install -D -m644 "$here/../../hcert-gate.rules" root/usr/lib/udev/rules.d/60-hcert-gate.rules
install -D -m644 "$here/../../hcert-gate.sysusers" root/usr/lib/sysusers.d/hcert-gate.conf
chroot root systemd-sysusers
mkdir -p root/etc/systemd/system/hcert-gate.service.d
cat >root/etc/systemd/system/hcert-gate.service.d/machine.conf <<'UNIT'
[Service]
RuntimeDirectory=hcert-gate
RuntimeDirectoryPreserve=yes
ExecStart=
ExecStart=/usr/bin/hcert gate --screen --lang vi --keyboard /dev/input/by-id/usb-Test_Reader_1-event-kbd --camera /dev/video0 --gpio mcp2221_gpio:1:800 --lines /run/hcert-gate/answers --repeat-minutes 0 --update-from /run/stick --update-minutes 1
UNIT
cat >root/etc/systemd/system/machine.service <<'UNIT'
[Unit]
After=hcert-gate.service
[Service]
ExecStart=/usr/bin/python3 /machine/inside.py
StandardOutput=file:/dev/ttyS0
StandardError=file:/dev/ttyS0
[Install]
WantedBy=multi-user.target
UNIT
rm -f root/etc/hostname && echo gate >root/etc/hostname
echo "/dev/vda / ext4 defaults 0 1" >root/etc/fstab
chroot root systemctl -q enable hcert-gate.service machine.service
chroot root systemctl -q disable apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer 2>/dev/null || true

rm -f disk.img
size=$(du -sm root | cut -f1)
truncate -s "$((size + size / 5 + 200))M" disk.img
mkfs.ext4 -q -F -d root disk.img
if [ -n "${HCERT_MACHINE_PART:-}" ]; then parts=" machine.parts=$HCERT_MACHINE_PART"; fi

# KVM within a virtual machine may be there and not work: the kernel has to come up with it first.
accel=tcg,thread=multi
if [ -w /dev/kvm ] && timeout -k 1 20 qemu-system-x86_64 -accel kvm -cpu max -m 512 -display none -no-reboot -nic none \
    -kernel "root/boot/vmlinuz-$kernel" -append "console=ttyS0 panic=-1" -serial stdio -monitor none 2>kvm.log | grep -q "Linux version"; then
    accel=kvm
fi
echo "# qemu with $accel"

# Runs the machine; what it says goes to the standard output.
machine() {
    phase=$1
    shift
    exec qemu-system-x86_64 -accel "$accel" -cpu max -smp 2 -m 1024 -display none -vga std -no-reboot -nic none \
        -kernel "root/boot/vmlinuz-$kernel" -initrd "root/boot/initrd.img-$kernel" \
        -append "root=/dev/vda rw quiet loglevel=3 console=tty2 mitigations=off machine.$accel machine=$phase$parts" \
        -drive file=disk.img,format=raw,if=virtio,cache=writeback -serial stdio -monitor none "$@" 2>qemu.log </dev/null
}
export -f machine
export kernel accel parts=${parts:-}

failed=0
echo "# devices"
timeout -k 1 1800 bash -c "machine devices" | sed -u 's,\r,,' | tee devices.txt
grep -q '^end 0$' devices.txt || failed=1

echo "# booted with a clock that is a year behind"
timeout -k 1 300 bash -c "machine year-behind -rtc base=$(date -u -d '366 days ago' +%Y-%m-%dT%H:%M:%S)" | sed -u 's,\r,,' | tee year.txt
grep -q '^end 0$' year.txt || failed=1

# The machine is killed like a lamp that goes out: what its kernel had not written is lost.
cut=0
first=none
list=none
up=0
while [ "$cut" -lt "$cuts" ]; do
    cut=$((cut + 1))
    : >cut.txt
    bash -c "machine cut" >cut.txt &
    pid=$!
    for _ in $(seq 2400); do
        grep -qE '^(up|FAILED)' cut.txt && break
        sleep 0.1
    done
    if grep -q '^up' cut.txt; then
        up=$((up + 1))
        list=$(sed -n 's/^up list \([0-9]*\),.*/\1/p' cut.txt)
        [ "$first" = none ] && first=$list
        sleep "$((RANDOM % 9)).$((RANDOM % 10))"
    fi
    echo "cut $cut: $(tr -d '\r' <cut.txt | head -3 | tr '\n' ' ')"
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || true
    grep -q '^up' cut.txt && ! grep -q '^FAILED' cut.txt || { failed=1; break; }
done
if [ "$cuts" -gt 4 ] && [ "$first" = "$list" ]; then
    echo "FAILED no update was ever done between the cuts"
    failed=1
fi
[ "$cuts" -gt 0 ] && echo "$([ "$up" = "$cuts" ] && echo ok || echo FAILED) power cut $cut times in the middle of reading and of updates (lists $first to $list): green $up times by valid trust data, counts readable"
exit $failed
