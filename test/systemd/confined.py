#!/usr/bin/python3
"""Runs a command as systemd would run it for a unit, on a machine whose init is not systemd:

    confined.py UNIT FOLDER COMMAND [ARGUMENT ...]

The rules are read from the [Service] section of the file UNIT. FOLDER is all of the temporary files that the command sees; its
sub-folder `state` is the state directory and the only place that the command may write to. The user has no name and no rights, as
with DynamicUser=yes. Groups of system calls are those of the installed systemd. Needs root, python3-seccomp and systemd-analyze;
ends with 77 when this machine does not let it confine anything.

Not done: limits of memory, rules for IP addresses, and the keyring. Devices are left out of /dev instead of being forbidden.
"""
import ctypes
import os
import re
import resource
import stat
import subprocess
import sys

import seccomp

CANNOT = 77
"""Exit code that test programs give when they are skipped."""

libc = ctypes.CDLL(None, use_errno=True)

# linux/mount.h, linux/prctl.h, linux/sched.h, linux/personality.h
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_BIND, MS_MOVE, MS_REC, MS_PRIVATE = 1, 2, 4, 4096, 8192, 16384, 1 << 18
AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY = -100, 0x8000, 1
SYS_MOUNT_SETATTR = 442
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24
CLONE_NEW = {"cgroup": 0x02000000, "ipc": 0x08000000, "net": 0x40000000, "mnt": 0x00020000,
             "pid": 0x20000000, "user": 0x10000000, "uts": 0x04000000}
AF = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16}
AF_MAX = 46
ERRNO = {"EPERM": 1}
EAFNOSUPPORT, ENOSYS = 97, 38

CLOSED = ["null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts"]
"""What DevicePolicy=closed leaves; systemd.resource-control(5)."""

IMPLIED = {"ProtectClock": ["@clock"], "ProtectKernelModules": ["@module"], "ProtectKernelLogs": ["syslog"],
           "ProtectHostname": ["sethostname", "setdomainname"]}
"""System calls that other settings forbid; systemd.exec(5)."""


class Unit:
    """The [Service] section; a setting may stand there more than once, and an empty value forgets what stood before."""

    KNOWN = {
        # done here
        "SystemCallFilter", "SystemCallErrorNumber", "SystemCallArchitectures", "RestrictAddressFamilies", "RestrictNamespaces",
        "RestrictRealtime", "RestrictSUIDSGID", "LockPersonality", "CapabilityBoundingSet", "NoNewPrivileges", "UMask",
        "Environment", "SupplementaryGroups", "User", "DynamicUser", "StateDirectory", "StateDirectoryMode", "PrivateTmp",
        "ProtectSystem", "ProtectHome", "ProtectProc", "ProtectKernelTunables", "ProtectControlGroups", "DevicePolicy",
        "DeviceAllow", "TasksMax", *IMPLIED,
        # of the manager, or named above as not done
        "Type", "NotifyAccess", "ExecStart", "WatchdogSec", "TimeoutStopSec", "Restart", "RestartSec", "RestartSteps",
        "RestartMaxDelaySec", "RestartPreventExitStatus", "ImportCredential", "RemoveIPC", "MemoryHigh", "MemoryMax", "OOMPolicy",
    }

    def __init__(self, path):
        self.values = {}
        section = ""
        for line in open(path, encoding="utf8").read().splitlines():
            if line.startswith("["):
                section = line
            elif section == "[Service]" and re.match(r"\w+=", line):
                key, value = line.split("=", 1)
                if key not in self.KNOWN:
                    raise SystemExit(f"{path} has {key}=, which {sys.argv[0]} does not know: teach it")
                self.values.setdefault(key, []).append(value)

    def all(self, key):
        return self.values.get(key, [])

    def one(self, key, default=""):
        return self.values.get(key, [default])[-1]

    def words(self, key):
        return " ".join(self.all(key)).split()

    def yes(self, key):
        return self.one(key) in ("yes", "true", "1", "on")


def check(result, what):
    if result == 0:
        return
    error = os.strerror(ctypes.get_errno())
    print(f"cannot confine here: {what}: {error}", file=sys.stderr)
    sys.exit(CANNOT)


def mount(source, target, kind, flags, options=None):
    names = [None if name is None else name.encode() for name in (source, target, kind, options)]
    check(libc.mount(names[0], names[1], names[2], ctypes.c_ulong(flags), names[3]), f"mount {target}")


class MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "user")]


def set_read_only(path, read_only, deep=True):
    attributes = MountAttributes(*((MOUNT_ATTR_RDONLY, 0) if read_only else (0, MOUNT_ATTR_RDONLY)), 0, 0)
    flags = AT_RECURSIVE if deep else 0
    result = libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, path.encode(), flags, ctypes.byref(attributes), ctypes.sizeof(attributes))
    check(result, f"mount_setattr {path}")


def allowed_devices(unit):
    """Paths below /dev that the unit lets the command open."""
    names = [os.path.join("/dev", name) for name in CLOSED]
    majors = {}
    for line in open("/proc/devices", encoding="utf8").read().split("Block devices")[0].splitlines():
        found = re.match(r"\s*(\d+) (\S+)", line)
        if found:
            majors.setdefault(found[2], set()).add(int(found[1]))
    for path in [line.split()[0] for line in unit.all("DeviceAllow") if line]:
        if path.startswith("/dev/"):
            names.append(path)
        for name in os.listdir("/dev"):
            status = os.stat(os.path.join("/dev", name))
            if stat.S_ISCHR(status.st_mode) and os.major(status.st_rdev) in majors.get(path.removeprefix("char-"), ()):
                names.append(os.path.join("/dev", name))
    return [name for name in names if os.path.exists(name)]


def mount_devices(unit):
    outside = "/mnt"
    mount("/dev", outside, None, MS_BIND | MS_REC)
    kept = [os.path.relpath(path, "/dev") for path in allowed_devices(unit)]
    mount("devices", "/dev", "tmpfs", MS_NOSUID, "mode=0755")
    for name in kept:
        source, target = os.path.join(outside, name), os.path.join("/dev", name)
        if os.path.isdir(source):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            open(target, "w", encoding="utf8").close()
        mount(source, target, None, MS_BIND | MS_REC)
    for number, name in enumerate(["stdin", "stdout", "stderr"]):
        os.symlink(f"/proc/self/fd/{number}", f"/dev/{name}")
    os.symlink("/proc/self/fd", "/dev/fd")
    check(libc.umount2(outside.encode(), 2), "umount /mnt")


def confine_files(unit, folder):
    """ProtectSystem=strict, PrivateTmp=, ProtectHome=, ProtectProc=, ProtectKernelTunables= and the devices."""
    try:
        os.unshare(os.CLONE_NEWNS)
    except OSError as error:
        print(f"cannot confine here: {error}", file=sys.stderr)
        sys.exit(CANNOT)
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    if unit.yes("PrivateTmp"):
        mount(folder, "/mnt", None, MS_BIND)
        for place in ("/tmp", "/var/tmp"):
            mount("private", place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")
        os.makedirs(folder, exist_ok=True)
        mount("/mnt", folder, None, MS_MOVE)
    if unit.one("DevicePolicy") == "closed":
        mount_devices(unit)
    if unit.one("ProtectSystem") != "strict":
        raise SystemExit("expected ProtectSystem=strict")
    state = os.path.join(folder, "state")
    mount(state, state, None, MS_BIND)
    set_read_only("/", True)
    for place in (state, "/tmp", "/var/tmp", "/dev"):
        set_read_only(place, False, deep=False)
    if unit.one("ProtectHome") == "yes":
        for place in ("/home", "/root"):
            mount("none", place, "tmpfs", MS_RDONLY, "mode=0")
    hidden = unit.one("ProtectProc", "default")
    mount("proc", "/proc", "proc", MS_NOSUID, None if hidden == "default" else f"hidepid={hidden}")
    if unit.yes("ProtectKernelTunables"):
        mount("/proc/sys", "/proc/sys", None, MS_BIND)
        set_read_only("/proc/sys", True)


def groups():
    """Each group of system calls by name, whole."""
    text = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter"], check=True, capture_output=True, text=True).stdout
    written, name = {}, ""
    for line in re.sub("\x1b\\[[0-9;]*m", "", text).splitlines():
        word = line.strip()
        if line.startswith("@"):
            written[name := word] = []
        elif word and not word.startswith("#") and name:
            written[name].append(word)

    def whole(word):
        return {call for part in written[word] for call in whole(part)} if word.startswith("@") else {word}

    return whole


def allowed_calls(unit):
    """As systemd adds them up: the first list says that all else is forbidden, each further one adds or takes away."""
    whole = groups()
    calls = whole("@default")
    lists = unit.all("SystemCallFilter")
    if not lists or lists[0].startswith("~"):
        raise SystemExit("expected SystemCallFilter= to begin with what is allowed")
    for line in lists:
        listed = {call for word in line.removeprefix("~").split() for call in whole(word)}
        calls = calls - listed if line.startswith("~") else calls | listed
    for setting, words in IMPLIED.items():
        if unit.yes(setting):
            calls -= {call for word in words for call in whole(word)}
    return calls


def add(filter_, action, call, *arguments):
    try:
        filter_.add_rule(action, call, *arguments)
    except (RuntimeError, OSError, ValueError):
        pass  # another architecture's, or one that this libseccomp does not know: systemd passes over them, too


def load_filters(unit):
    """The rules for arguments first: the list of system calls may forbid loading another filter."""
    refused = seccomp.ERRNO(ERRNO[unit.one("SystemCallErrorNumber")])
    arguments = seccomp.SyscallFilter(seccomp.ALLOW)
    families = sorted(AF[name] for name in unit.words("RestrictAddressFamilies"))
    if families:
        unsupported = seccomp.ERRNO(EAFNOSUPPORT)
        for family in range(AF_MAX):
            if family not in families:
                add(arguments, unsupported, "socket", seccomp.Arg(0, seccomp.EQ, family))
        add(arguments, unsupported, "socket", seccomp.Arg(0, seccomp.GE, AF_MAX))
    if unit.yes("RestrictNamespaces"):
        add(arguments, seccomp.ERRNO(ENOSYS), "clone3")
        add(arguments, refused, "setns")
        for flag in CLONE_NEW.values():
            for call in ("clone", "unshare"):
                add(arguments, refused, call, seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag))
    if unit.yes("RestrictSUIDSGID"):
        for bit in (stat.S_ISUID, stat.S_ISGID):
            for call, index in {"chmod": 1, "fchmod": 1, "fchmodat": 2, "mkdir": 1, "mkdirat": 2, "mknod": 1, "mknodat": 2}.items():
                add(arguments, refused, call, seccomp.Arg(index, seccomp.MASKED_EQ, bit, bit))
    if unit.yes("RestrictRealtime"):
        add(arguments, refused, "sched_setscheduler", seccomp.Arg(1, seccomp.NE, 0))
    if unit.yes("LockPersonality"):
        add(arguments, refused, "personality", seccomp.Arg(0, seccomp.NE, 0), seccomp.Arg(0, seccomp.NE, 0xFFFFFFFF))
    arguments.load()
    calls = seccomp.SyscallFilter(refused)
    for call in allowed_calls(unit):
        add(calls, seccomp.ALLOW, call)
    calls.load()


def group_ids(unit):
    known = dict(line.split(":")[0:3:2] for line in open("/etc/group", encoding="utf8").read().splitlines())
    return [int(known[name]) for name in unit.words("SupplementaryGroups") if name in known]


def become_nobody(unit, uid):
    if unit.words("CapabilityBoundingSet"):
        raise SystemExit("expected CapabilityBoundingSet= to be empty")
    last = int(open("/proc/sys/kernel/cap_last_cap", encoding="utf8").read())
    for capability in range(last + 1):
        check(libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "drop a capability")
    if unit.one("TasksMax"):
        resource.setrlimit(resource.RLIMIT_NPROC, (int(unit.one("TasksMax")),) * 2)
    os.umask(int(unit.one("UMask", "0022"), 8))
    os.setgroups(group_ids(unit))
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "set no_new_privs")


def own(folder, uid, mode):
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, mode)
    for place, names, files in os.walk(folder):
        for path in [place, *(os.path.join(place, name) for name in names + files)]:
            os.chown(path, uid, uid, follow_symlinks=False)


def main():
    unit_path, folder, *command = sys.argv[1:]
    unit = Unit(unit_path)
    uid = 61184 + os.getpid() % 4336  # the range of DynamicUser=
    state = os.path.join(folder, "state")
    own(state, uid, int(unit.one("StateDirectoryMode", "0755"), 8))
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8", "STATE_DIRECTORY": state}
    environment |= {key: os.environ[key] for key in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "CREDENTIALS_DIRECTORY") if key in os.environ}
    environment |= dict(pair.split("=", 1) for line in unit.all("Environment") for pair in line.split())
    confine_files(unit, folder)
    os.chdir("/")
    become_nobody(unit, uid)
    load_filters(unit)
    os.execve(command[0], command, environment)


main()
