// The Debian package on a whole Debian of a 64-bit Pi's kind of processor: systemd, a broker, a GPIO chip, a power cut.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { debianImage } from './image.mjs';
import { createDisk, layOver, runMachine } from './machine.mjs';

/** Program -> the Debian package that has it. */
const NEEDED = {
  mmdebstrap: 'mmdebstrap',
  'arch-test': 'arch-test',
  'qemu-system-aarch64': 'qemu-system-arm',
  'qemu-aarch64': 'qemu-user-binfmt',
  cpio: 'cpio',
  mke2fs: 'e2fsprogs',
};
const GUEST = fileURLToPath(new URL('guest.sh', import.meta.url));

/** Lines of the chip that are free on this board; guest.sh knows them too. */
const WIRE = { from: 6, to: 5 };

/** Far more than either part takes. */
const TIMEOUT_MS = 1_800_000;

/**
 * Prints a verdict for each step; returns whether all were good. Throws, naming the packages, when this machine lacks
 * something.
 */
export async function trySystem(deb, { cache, mirror, work, print }) {
  requirePrograms();
  const image = debianImage(cache, mirror);
  const initrd = layOver(image, { 'sentigon.deb': deb, 'guest.sh': GUEST }, work);
  const disk = createDisk(work);
  const machine = {
    kernel: image.kernel,
    initrd,
    disk,
    wire: WIRE,
    folder: work,
    timeoutMs: TIMEOUT_MS,
  };
  const first = await runMachine({ ...machine, trial: 'trial.part=first' }, reader(print));
  if (!first.ok) return false;
  const trial = `trial.part=second trial.alert=${first.alert}`;
  const second = await runMachine({ ...machine, trial }, reader(print));
  return second.ok;
}

/** Reads the console: verdicts, what a failure leaves, and the alert that was open when the power was to be cut. */
function reader(print) {
  let failed = false;
  return (line) => {
    const [, word, rest = ''] = /^@(ok|failed|power|done)(?: (.*))?$/.exec(line) ?? [];
    if (word === 'ok') print(`ok      ${rest}`);
    else if (word === 'failed') {
      failed = true;
      print(`failed  ${rest}`);
    } else if (word) return { ok: !failed, alert: rest };
    else if (failed) print(`        ${line}`);
    return undefined;
  };
}

function requirePrograms() {
  const missing = Object.keys(NEEDED).filter((name) => spawnSync(name, ['--version']).error);
  if (missing.length > 0) {
    const packages = missing.map((name) => NEEDED[name]);
    throw new Error(`${missing.join(', ')} missing: apt install ${packages.join(' ')}`);
  }
  if (spawnSync('arch-test', ['arm64']).status === 0) return;
  throw new Error(
    'this machine runs no arm64 programs: apt install qemu-user-binfmt, and where binfmt_misc is not mounted, e.g. in a container: mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc && cat /usr/lib/binfmt.d/qemu-aarch64.conf > /proc/sys/fs/binfmt_misc/register',
  );
}
