// The emulated machine: a board with a GPIO chip and a disk, run until its console says something.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { layWire } from './wire.mjs';

const BOARD = ['-M', 'virt', '-cpu', 'cortex-a72', '-smp', '2', '-m', '2048'];
const KERNEL_ARGUMENTS = 'console=ttyAMA0 rdinit=/sbin/init systemd.show_status=0 quiet loglevel=1';

const UNITS = {
  'multi-user.target.wants/trial.service': `[Unit]
After=multi-user.target
[Service]
ExecStart=/bin/bash /opt/trial/guest.sh
StandardOutput=tty
StandardError=tty
TTYPath=/dev/console
`,
  'local-fs.target.wants/var-lib-private.mount': `[Mount]
What=/dev/vda
Where=/var/lib/private
Type=ext4
`,
};

/** Returns what the kernel unpacks at boot: the image, with the trial laid over it. */
export function layOver(image, files, folder) {
  const over = join(folder, 'over');
  const units = join(over, 'etc/systemd/system');
  const trial = join(over, 'opt/trial');
  mkdirSync(trial, { recursive: true });
  for (const [name, path] of Object.entries(files)) copyFileSync(path, join(trial, name));
  for (const [wanted, text] of Object.entries(UNITS)) {
    const [target, unit] = wanted.split('/');
    mkdirSync(join(units, target), { recursive: true });
    writeFileSync(join(units, unit), text);
    symlinkSync(`../${unit}`, join(units, wanted));
  }
  const initrd = join(folder, 'initrd.cpio');
  copyFileSync(image.root, initrd);
  const pack =
    'chmod -R u=rwX,go=rX . && find . -print0 | cpio --null --create --format=newc --owner=+0:+0 --quiet';
  execFileSync('sh', ['-c', `${pack} >> "$1"`, 'sh', initrd], { cwd: over });
  return initrd;
}

/** An empty disk. */
export function createDisk(folder) {
  const disk = join(folder, 'disk.img');
  execFileSync('mke2fs', ['-q', '-t', 'ext4', disk, '128M']);
  return disk;
}

/**
 * Boots, and hands each line of the console to `onLine`; the first answer that is not undefined is the result. The power
 * is cut then: neither system nor disk is told. Throws when the machine ends or the time is up before that.
 */
export async function runMachine({ kernel, initrd, disk, trial, wire, folder, timeoutMs }, onLine) {
  const { controlPath, pinsPath, laid } = await layWire(folder, wire);
  const devices = {
    '-kernel': kernel,
    '-initrd': initrd,
    '-append': `${KERNEL_ARGUMENTS} ${trial}`,
    '-drive': `if=none,file=${disk},format=raw,id=disk`,
    '-device': 'virtio-blk-device,drive=disk',
    '-qmp': `unix:${controlPath}`,
    '-qtest': `unix:${pinsPath}`,
    '-qtest-log': 'none',
    '-monitor': 'none',
    '-nic': 'none',
  };
  const args = [...BOARD, '-nographic', '-no-reboot', ...Object.entries(devices).flat()];
  const machine = spawn('qemu-system-aarch64', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const gone = once(machine, 'exit');
  const seen = watchConsole(machine.stdout, onLine, timeoutMs);
  try {
    return await Promise.race([seen, laid.then(() => seen)]);
  } finally {
    machine.kill('SIGKILL');
    await gone; // until then the disk is in use
  }
}

async function watchConsole(output, onLine, timeoutMs) {
  for await (const line of createInterface({ input: output })) {
    const result = onLine(line.trimEnd());
    if (result !== undefined) return result;
  }
  throw new Error(`the machine has ended by itself, or was not done in ${timeoutMs / 1000} s`);
}
