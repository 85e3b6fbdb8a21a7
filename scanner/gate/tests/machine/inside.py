"""Runs inside the virtual machine as root: plays reader, camera, controller and mishap, and says what the gate did.

The devices are the kernel's own: a USB keyboard and a USB chip with GPIO lines (an MCP2221) behind a virtual
USB host (dummy_hcd), a camera by v4l2loopback. The gate is the program `hcert` under its systemd unit.
"""

import fcntl
import glob
import json
import os
import random
import select
import signal
import struct
import subprocess
import threading
import time

STATE = "/var/lib/private/hcert-gate"
ANSWERS = "/run/hcert-gate/answers"
STICK = "/run/stick"
KEYBOARD = "/dev/input/by-id/usb-Test_Reader_1-event-kbd"
VALID = open("/machine/valid.txt").read()
FORGED = open("/machine/forged.txt").read()


def say(text):
    print(text, flush=True)


# Without the processor's help everything takes its time.
SLOW = 1 if "machine.kvm" in open("/proc/cmdline").read() else 4


class Failed(Exception):
    pass


class Unanswered(Failed):
    pass


def check(what, fine, otherwise=""):
    if not fine:
        raise Failed(f"{what} {otherwise}")


def run(*words, check=True):
    done = subprocess.run(words, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def as_gate(*words):
    """Runs a command as the documentation says for the first time: by the gate's own user, in its own folder."""
    return run(
        "systemd-run", "--quiet", "--pipe", "--wait", "-p", "User=hcert-gate", "-p", "DynamicUser=yes",
        "-p", "StateDirectory=hcert-gate", "-E", "HCERT_DATA_DIR=/var/lib/hcert-gate", *words,
    )


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def until(what, patience, asked):
    """Waits until something is so; what it was."""
    end = time.monotonic() + patience * SLOW
    while True:
        found = asked()
        if found:
            return found
        if time.monotonic() > end:
            raise Unanswered(f"waited {patience} s for {what}")
        time.sleep(0.05)


# Devices


class Gadget:
    """A USB device of HID class, as its firmware sees it."""

    GADGETS = "/sys/kernel/config/usb_gadget"

    def __init__(self, name, port, ids, strings, function):
        self.path = f"{self.GADGETS}/{name}"
        self.port = f"dummy_udc.{port}"
        if not os.path.ismount("/sys/kernel/config"):
            run("mount", "-t", "configfs", "none", "/sys/kernel/config")
        os.mkdir(self.path)
        write(f"{self.path}/idVendor", ids[0])
        write(f"{self.path}/idProduct", ids[1])
        os.mkdir(f"{self.path}/strings/0x409")
        for key, value in zip(("manufacturer", "product", "serialnumber"), strings):
            write(f"{self.path}/strings/0x409/{key}", value)
        os.mkdir(f"{self.path}/configs/c.1")
        hid = f"{self.path}/functions/hid.{name}"
        os.mkdir(hid)
        protocol, length, report = function
        write(f"{hid}/protocol", protocol)
        write(f"{hid}/subclass", protocol)
        write(f"{hid}/report_length", str(length))
        with open(f"{hid}/report_desc", "wb") as file:
            file.write(report)
        os.symlink(hid, f"{self.path}/configs/c.1/hid.{name}")
        self.number = open(f"{hid}/dev").read().strip().split(":")[1]

    def plug(self):
        write(f"{self.path}/UDC", self.port)
        path = f"/dev/hidg{self.number}"
        until(path, 5, lambda: os.path.exists(path))
        self.file = os.open(path, os.O_RDWR)

    def unplug(self):
        write(f"{self.path}/UDC", "\n")
        os.close(self.file)


class Typist(Gadget):
    """A reader that types, as a US keyboard of the USB boot protocol."""

    REPORT = bytes.fromhex(
        "05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508"
        "150025650507190029658100c0"
    )
    PLAIN = {" ": 0x2C, "-": 0x2D, "=": 0x2E, ";": 0x33, "'": 0x34, ",": 0x36, ".": 0x37, "/": 0x38, "\n": 0x28, "]": 0x30, "\\": 0x31}
    SHIFTED = {":": 0x33, "+": 0x2E, "_": 0x2D, '"': 0x34, "?": 0x38, "<": 0x36, ">": 0x37}

    def __init__(self):
        super().__init__("reader", 0, ("0x1d6b", "0x0104"), ("Test", "Reader", "1"), ("1", 8, self.REPORT))

    @classmethod
    def key(cls, character):
        if character.isascii() and character.isalpha():
            return (2 if character.isupper() else 0), 4 + ord(character.upper()) - ord("A")
        if character in "1234567890":
            return 0, 0x1E + "1234567890".index(character)
        if character in "!@#$%^&*()":
            return 2, 0x1E + "!@#$%^&*()".index(character)
        if character in cls.SHIFTED:
            return 2, cls.SHIFTED[character]
        return 0, cls.PLAIN[character]

    def type(self, text):
        """As fast as the bus takes it."""
        for character in text:
            shift, key = self.key(character)
            os.write(self.file, bytes([shift, 0, key, 0, 0, 0, 0, 0]))
            os.write(self.file, bytes(8))


class Chip(Gadget):
    """An MCP2221: of its commands those for GPIO lines. What it is told it keeps, whoever asks."""

    REPORT = bytes.fromhex("0600ff0901a10109011500 26ff00 7508 9540 8102 0901 9102 c0".replace(" ", ""))

    def __init__(self):
        super().__init__("chip", 1, ("0x04d8", "0x00dd"), ("Test", "Chip", "2"), ("0", 64, self.REPORT))
        self.value = [0, 0, 0, 0]
        self.direction = [1, 1, 1, 1]
        self.changes = []

    def plug(self):
        super().plug()
        self.serving = threading.Thread(target=self.serve, args=(self.file,), daemon=True)
        self.serving.start()

    def unplug(self):
        write(f"{self.path}/UDC", "\n")
        self.serving.join()
        os.close(self.file)

    def serve(self, file):
        try:
            while open(f"{self.path}/UDC").read().strip():
                if not select.select([file], [], [], 0.1)[0]:
                    continue
                asked = os.read(file, 64).ljust(64, b"\0")
                answer = bytearray(64)
                answer[0] = asked[0]
                if asked[0] == 0x50:
                    answer[2:18] = asked[2:18]
                    for line in range(4):
                        set_value, value, set_direction, direction = asked[2 + 4 * line : 6 + 4 * line]
                        if set_direction:
                            self.direction[line] = direction
                        if set_value and self.value[line] != value:
                            self.value[line] = value
                            self.changes.append((time.monotonic(), line, value))
                elif asked[0] == 0x51:
                    for line in range(4):
                        answer[2 + 2 * line] = self.value[line]
                        answer[3 + 2 * line] = self.direction[line]
                os.write(file, bytes(answer))
        except OSError:
            pass


class Camera:
    """The picture before a camera: pictures that are written to its other side, twelve a second."""

    # VIDIOC_S_FMT, and the structure v4l2_format of a picture that is put out.
    SET_FORMAT = 0xC0D05605
    OUTPUT = 2

    def __init__(self, output):
        self.output = output
        self.showing = None

    def show(self, path, form):
        self.hide()
        picture = open(path, "rb").read()
        file = os.open(self.output, os.O_RDWR)
        size = len(picture) if form != "MJPG" else 1280 * 720 * 2
        fields = struct.pack("<IIII4sIIII", self.OUTPUT, 0, 1280, 720, form.encode(), 1, 0, size, 8)
        fcntl.ioctl(file, self.SET_FORMAT, fields.ljust(208, b"\0"))
        end = threading.Event()

        def play():
            try:
                while not end.wait(1 / 12):
                    os.write(file, picture)
            except OSError as error:
                say(f"# the camera's other side: {error}")
            os.close(file)

        player = threading.Thread(target=play, daemon=True)
        player.start()
        self.showing = (end, player)

    def hide(self):
        if self.showing:
            end, player = self.showing
            end.set()
            player.join(10)
            self.showing = None


# The gate


class Gate:
    def __init__(self):
        self.at = 0
        self.rest()

    def rest(self):
        """Answers since the last time."""
        try:
            with open(ANSWERS) as file:
                file.seek(self.at)
                text = file.read()
        except FileNotFoundError:
            return []
        whole = text[: text.rfind("\n") + 1]
        self.at += len(whole.encode())
        return [line.split() for line in whole.splitlines()]

    def answer(self, what, patience=20):
        got = until(f"an answer to {what}", patience, self.rest)
        check(what, len(got) == 1, f"was answered {len(got)} times: {got}")
        check("a line of the protocol", len(got[0]) == 6 and got[0][0] == "HCERT1", str(got))
        return got[0][2], got[0][3]

    def pid(self):
        return int(run("systemctl", "show", "-p", "MainPID", "--value", "hcert-gate").strip())

    def running(self):
        return run("systemctl", "is-active", "hcert-gate", check=False).strip() == "active" and self.pid() > 0

    def log(self):
        return run("journalctl", "-b", "-u", "hcert-gate", "-o", "cat", "--no-pager")

    def screen(self):
        """The text on the first terminal."""
        with open("/dev/vcsa1", "rb") as file:
            rows, columns = file.read(2)
        with open("/dev/vcsu1", "rb") as file:
            cells = file.read()
        text = struct.unpack(f"{len(cells) // 4}I", cells)
        lines = ["".join(chr(c) for c in text[row * columns : (row + 1) * columns]) for row in range(rows)]
        return " ".join(" ".join(lines).split())

    def says(self, what, patience=15):
        return until(f"{what!r} on the screen", patience, lambda: what in self.screen())


def show_until(gate, reader, code, colour, patience):
    """Types a code until it is answered so. What is typed while nobody reads the keyboard is lost: then again."""
    end = time.monotonic() + patience * SLOW
    answer = "no answer"
    while time.monotonic() < end:
        reader.type(code + "\n")
        try:
            answer = gate.answer("a code", 3)
        except Unanswered:
            continue
        if answer[0] == colour:
            return answer
        time.sleep(0.3)
    raise Failed(f"{answer}, not {colour}, for {patience} s")


def green(gate, when):
    answer = gate.answer("a code")
    check(when, answer[0] == "GREEN", str(answer))


def insert_stick(sequence):
    """Like a stick that is plugged in whole."""
    run("rm", "-rf", STICK, STICK + ".new")
    run("cp", "-r", f"/machine/lists/{sequence}", STICK + ".new")
    os.rename(STICK + ".new", STICK)


# What is shown


def starts_at_boot(gate):
    until("the gate", 30, gate.running)
    said = run("systemd-analyze", "verify", "--man=no", "/etc/systemd/system/hcert-gate.service", check=False)
    check("systemd-analyze verify", said == "", said)
    gate.says("CHƯA CÓ DỮ LIỆU TIN CẬY") if not os.path.exists(f"{STATE}/trust/bundle.hcert") else None
    user = open(f"/proc/{gate.pid()}/status").read()
    check("that it is not root", "Uid:\t0\t" not in user)
    exposure = run("systemd-analyze", "security", "--no-pager", "hcert-gate", check=False).splitlines()[-1]
    say(f"ok unit: starts at boot on the first terminal as a user of its own; verify says nothing; {exposure.strip(' →')}")


def keyboard(gate, reader):
    reader.plug()
    until("the reader", 10, lambda: os.path.exists(KEYBOARD))
    until("the gate to see it", 10, lambda: "event-kbd: +" in gate.log())
    reader.type(VALID + "\n")
    check("without trust data", gate.answer("a code") == ("AMBER", "no_trust"))
    say("ok no trust data: AMBER no_trust, never green")
    root = open("/machine/root.sha256").read().strip()
    as_gate("hcert", "trust", "update", "/machine/lists/1", "--root-sha256", root)
    check("green", show_until(gate, reader, VALID, "GREEN", 20) == ("GREEN", "-"))
    begun = time.monotonic()
    other = os.open(os.path.realpath(KEYBOARD), os.O_RDONLY | os.O_NONBLOCK)
    for _ in range(3):
        reader.type(VALID + "\n")
        check("a typed code", gate.answer("a code") == ("GREEN", "-"))
    speed = 3 * len(VALID) / (time.monotonic() - begun)
    try:
        heard = os.read(other, 4096)
    except BlockingIOError:
        heard = b""
    os.close(other)
    check("what is typed", heard == b"", "reached another program")
    check("the terminal", VALID[:12] not in gate.screen(), "shows what was typed")
    reader.type(FORGED + "\n")
    answer = gate.answer("a forged code")
    check("forged", answer[0] == "RED", str(answer))
    say(f"ok keyboard: a USB reader types {speed:.0f} characters a second: GREEN; forged: {' '.join(answer)}; nothing reaches others")
    reader.type(VALID[: len(VALID) // 2])
    reader.unplug()
    check("half a code", gate.answer("half a code") == ("RED", "half"))
    gate.says("Không thấy đầu đọc")
    time.sleep(1)
    reader.plug()
    until("the reader", 10, lambda: os.path.exists(KEYBOARD))
    gate.says("Show the code to the reader")
    reader.type(VALID + "\n")
    green(gate, "plugged in again")
    say("ok keyboard: pulled out in the middle of a code: RED half; plugged in again: GREEN")
    flipped = "".join(c.lower() if c.isupper() else c for c in VALID)
    reader.type(flipped + "\n")
    green(gate, "with caps lock")
    gate.says("Caps Lock")
    # A reader that is set to a French keyboard: these are the keys, by their US names.
    french = dict(zip("1234567890AQZWM:./$%*-", "!@#$%^&*()QAWZ:.<>]\"\\6"))
    reader.type("".join(french.get(c, c) for c in VALID) + "\n")
    green(gate, "from a French reader")
    gate.says("bàn phím nước khác")
    say("ok keyboard: upper and lower case flipped, and a reader that types for AZERTY: GREEN, with advice on the screen")


def gpio(gate, reader, chip):
    chip.plug()
    path = until("the chip", 20, lambda: glob.glob("/dev/gpiochip*"))[0]
    until("the line to be held", 20, lambda: chip.direction[1] == 0)
    check("the line at rest", chip.value[1] == 0)
    time.sleep(1)
    chip.changes.clear()
    reader.type(FORGED + "\n")
    check("forged", gate.answer("a forged code")[0] == "RED")
    time.sleep(1)
    check("the line on red", not chip.changes, str(chip.changes))
    reader.type(VALID + "\n")
    check("valid", gate.answer("a code")[0] == "GREEN")
    until("the line to go low again", 5, lambda: len(chip.changes) == 2)
    (up, _, high), (down, _, low) = chip.changes
    length = (down - up) * 1000
    check("high, then low", (high, low) == (1, 0))
    check("its while", 790 <= length <= 950, f"was {length:.0f} ms")
    say(f"ok gpio: a line of a USB chip ({path}): high for {length:.0f} ms on green (800 asked for), not on red")
    reader.type(VALID + "\n")
    check("valid", gate.answer("a code")[0] == "GREEN")
    until("the line", 5, lambda: chip.value[1] == 1)
    before = gate.pid()
    os.kill(before, signal.SIGKILL)
    killed = time.monotonic()
    until("the line to go low", 20, lambda: chip.value[1] == 0)
    low = time.monotonic() - killed
    until("another gate", 20, lambda: gate.running() and gate.pid() != before)
    say(f"ok gpio: killed while the line was high: low {low:.1f} s later, by the gate that came back")
    chip.unplug()
    until("the chip to be gone", 10, lambda: not glob.glob("/dev/gpiochip*"))
    show_until(gate, reader, VALID, "GREEN", 20)
    chip.value[1] = 1
    chip.direction[1] = 1
    chip.plug()
    until("the line to be held and low again", 20, lambda: (chip.direction[1], chip.value[1]) == (0, 0))
    say("ok gpio: chip pulled out: answers go on; plugged in again: the line is low")


def unit(gate, reader):
    before = gate.pid()
    os.kill(before, signal.SIGKILL)
    killed = time.monotonic()
    until("another gate", 20, lambda: gate.running() and gate.pid() != before)
    show_until(gate, reader, VALID, "GREEN", 20)
    owner = run("stat", "-c", "%U %a", STATE).strip()
    say(f"ok unit: killed: green again {time.monotonic() - killed:.1f} s later; its state folder: {owner}")


def camera(gate, camera_of, forms, name, plug, unplug):
    """Every kind of picture is a camera of its own that is plugged in and pulled out."""
    pid = gate.pid()
    for form, end in forms:
        plug()
        camera_of.show(f"/machine/valid.{end}", form)
        answer = gate.answer(f"a {form} picture", 30)
        check(f"a {form} picture", answer == ("GREEN", "-"), str(answer))
        spent = [cpu(pid)]
        time.sleep(5)
        spent.append(cpu(pid))
        check("the code that is held", gate.rest() == [], "was answered again")
        camera_of.show(f"/machine/forged.{end}", form)
        answer = gate.answer("a forged code", 30)
        check("forged", answer[0] == "RED", str(answer))
        camera_of.show(f"/machine/empty.{end}", form)
        time.sleep(3)
        check("nothing", gate.rest() == [])
        idle = [cpu(pid)]
        time.sleep(5)
        idle.append(cpu(pid))
        camera_of.hide()
        unplug()
        until("the gate to say so", 30, lambda: [line for line in gate.log().splitlines() if line.startswith("video0: ")][-1][8] == "-")
        say(
            f"ok camera ({name}, {form}): GREEN once while it is held for 5 s; forged: {' '.join(answer)}; "
            f"{20 * (spent[1] - spent[0]):.0f} % of a processor with a code, {20 * (idle[1] - idle[0]):.0f} % with none before it; "
            "pulled out: says so"
        )
    check("the gate", gate.pid() == pid, "was started again")


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def full(gate, reader):
    before = open(f"{STATE}/gate/counts.csv").read()
    run("dd", "if=/dev/zero", "of=/fill", "bs=1M", check=False)
    run("dd", "if=/dev/zero", "of=/fill2", "bs=512", check=False)
    reader.type(VALID + "\n")
    green(gate, "with a full disk")
    gate.says("Không ghi được số đếm", 40)
    insert_stick(2)
    gate.says("Cập nhật dữ liệu không thành", 40)
    reader.type(VALID + "\n")
    green(gate, "with a full disk")
    check("the counts", open(f"{STATE}/gate/counts.csv").read() == before, "are not as they were")
    os.remove("/fill")
    os.remove("/fill2")
    until("the counts", 40, lambda: open(f"{STATE}/gate/counts.csv").read() != before)
    gate.says("Dữ liệu tin cậy số 2", 60)
    until("the notices to go", 60, lambda: "Không ghi được" not in gate.screen() and "không thành" not in gate.screen())
    reader.type(VALID + "\n")
    green(gate, "afterwards")
    say("ok full disk: GREEN all along, says what it can't keep and can't update; with room again, both go on by themselves")


def damaged(gate, reader):
    run("rm", "-rf", STICK)
    path = f"{STATE}/trust/bundle.hcert"
    good = open(path, "rb").read()
    with open(path, "r+b") as file:
        file.seek(len(good) // 2)
        file.write(b"\0" * 64)
    run("systemctl", "restart", "hcert-gate")
    until("the gate", 10, gate.running)
    gate.says("CHƯA CÓ DỮ LIỆU TIN CẬY", 30)
    for code in (VALID, FORGED, VALID):
        reader.type(code + "\n")
        answer = gate.answer("a code")
        check("without trust data", answer == ("AMBER", "no_trust"), str(answer))
    insert_stick(3)
    show_until(gate, reader, VALID, "GREEN", 60)
    say("ok trust file damaged: AMBER no_trust, says so; a stick with a newer one mends it: GREEN")


def clock(gate, reader):
    now = time.time()
    run("date", "-s", f"@{now - 366 * 86400:.0f}")
    reader.type(VALID + "\n")
    answer = gate.answer("a code")
    check("with the clock a year behind", answer[0] != "GREEN", str(answer))
    gate.says("ĐỒNG HỒ SAI", 30)
    reader.type(FORGED + "\n")
    check("forged", gate.answer("a code")[0] != "GREEN")
    run("systemctl", "restart", "hcert-gate")
    until("the gate", 10, gate.running)
    time.sleep(3)
    gate.says("ĐỒNG HỒ SAI", 30)
    reader.type(VALID + "\n")
    check("started with the clock a year behind", gate.answer("a code")[0] != "GREEN")
    run("date", "-s", f"@{time.time() + 366 * 86400:.0f}")
    show_until(gate, reader, VALID, "GREEN", 30)
    say(f"ok clock set back a year: {' '.join(answer)}, says so, also after a restart; set right: GREEN")


def loopback_parts(gate):
    if run("modprobe", "-n", "v4l2loopback", check=False):
        say("# v4l2loopback could not be built: nothing is shown of cameras")
        return

    def plug():
        run("modprobe", "v4l2loopback", "devices=1", "video_nr=0", "max_buffers=4", "exclusive_caps=0")

    def unplug():
        until("the camera to be let go", 30, lambda: run("modprobe", "-r", "v4l2loopback", check=False) == "")

    forms = [("YUYV", "yuyv"), ("NV12", "nv12"), ("MJPG", "jpeg")]
    camera(gate, Camera("/dev/video0"), forms, "v4l2loopback", plug, unplug)


def devices():
    gate = Gate()
    starts_at_boot(gate)
    for module in ("dummy_hcd num=2", "libcomposite", "usb_f_hid", "usbhid", "hid_generic"):
        run("modprobe", *module.split())
    reader, chip = Typist(), Chip()
    chosen = next((word for word in open("/proc/cmdline").read().split() if word.startswith("machine.parts=")), "")
    chosen = chosen.removeprefix("machine.parts=").split(",")
    parts = {
        "keyboard": lambda: keyboard(gate, reader),
        "gpio": lambda: gpio(gate, reader, chip),
        "unit": lambda: unit(gate, reader),
        "loopback": lambda: loopback_parts(gate),
        "full": lambda: full(gate, reader),
        "damaged": lambda: damaged(gate, reader),
        "clock": lambda: clock(gate, reader),
    }
    # The keyboard and the trust data come first, whatever is chosen.
    parts = [part for name, part in parts.items() if chosen == [""] or name in ["keyboard", *chosen]]
    failed = 0
    for part in parts:
        try:
            part()
        except Exception as error:
            failed += 1
            say(f"FAILED {type(error).__name__}: {error}")
            say("# screen: " + gate.screen())
            say("# log: " + " | ".join(gate.log().splitlines()[-8:]))
            say("# kernel: " + " | ".join(run("dmesg").splitlines()[-8:]))
            say(f"# devices: {glob.glob('/dev/gpiochip*') + glob.glob('/dev/video*') + glob.glob('/dev/hid*')}")
        gate.rest()
    say(f"end {failed}")


def cut():
    """Before: what the last power cut left. Then so much work that the next one hits some of it."""
    gate = Gate()
    until("the gate", 30, gate.running)
    for module in ("dummy_hcd num=1", "libcomposite", "usb_f_hid", "usbhid", "hid_generic"):
        run("modprobe", *module.split())
    reader = Typist()
    reader.plug()
    until("the reader", 10, lambda: os.path.exists(KEYBOARD))
    until("the gate to see it", 10, lambda: "event-kbd: +" in gate.log())
    reader.type(FORGED + "\n")
    answer = gate.answer("a forged code", 30)
    check("forged", answer[0] != "GREEN", str(answer))
    show_until(gate, reader, VALID, "GREEN", 30)
    counts = subprocess.run(
        ["hcert", "gate", "--print-counts"], env={**os.environ, "HCERT_DATA_DIR": STATE}, capture_output=True, text=True
    )
    check("the counts", counts.returncode == 0 and counts.stdout.startswith("hour,"), counts.stdout + counts.stderr)
    check("the counts", "not understood" not in gate.log() and "không hiểu" not in gate.log())
    green = sum(int(line.rsplit(",", 1)[1]) for line in counts.stdout.splitlines() if ",green," in line)
    facts = run("env", f"HCERT_DATA_DIR={STATE}", "hcert", "trust", "show", "--format", "json")
    number = json.loads(facts)["sequence"]
    say(f"up list {number}, {green} greens counted")

    def update():
        """As often as it goes."""
        each = f"for list in $(seq {number + 1} {number + 100}); do hcert trust update /machine/lists/$list || exit; done"
        try:
            as_gate("sh", "-c", each)
            say("# no more lists")
        except Failed as error:
            say(f"FAILED {error}")

    threading.Thread(target=update, daemon=True).start()
    while True:
        reader.type(random.choice((VALID, FORGED)) + "\n")
        gate.answer("a code", 30)


def year_behind():
    gate = Gate()
    until("the gate", 30, gate.running)
    gate.says("ĐỒNG HỒ SAI", 30)
    say("ok booted with the clock a year behind: says that the clock is wrong before anybody comes")
    say("end 0")


def main():
    phase = next(word for word in open("/proc/cmdline").read().split() if word.startswith("machine="))
    # The terminal keeps letters from now on, not only their shapes.
    open("/dev/vcsu1", "rb").read(4)
    try:
        {"devices": devices, "cut": cut, "year-behind": year_behind}[phase.removeprefix("machine=")]()
    except Exception as error:
        say(f"FAILED {type(error).__name__}: {error}")
        say("# log: " + " | ".join(run("journalctl", "-u", "hcert-gate", "-o", "cat", "--no-pager", check=False).splitlines()[-8:]))
        say("end 1")
    subprocess.run(["systemctl", "poweroff", "--force"])


main()
