// Root file system and kernel of the emulated machine: Debian as its mirror has it, made once and kept in a folder.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const SUITE = 'trixie';

/** Of Debian, where apt names no mirror of it, e.g. on Ubuntu. */
const MIRROR = 'http://deb.debian.org/debian';

/** What the Debian package needs and recommends, a broker, and what the trial looks with. */
const PACKAGES = [
  'systemd-sysv',
  'udev',
  'dbus',
  'kmod',
  'procps',
  'nodejs',
  'gpiod',
  'mosquitto',
  'mosquitto-clients',
  'sqlite3',
];

const HOOK = readFileSync(new URL('prepare-root.sh', import.meta.url), 'utf8');

/**
 * Returns the paths of root.cpio and kernel; takes some minutes the first time and whenever what is in them is to be
 * another. `mirror` overrides apt's.
 */
export function debianImage(cache, mirror = aptMirror()) {
  const recipe = JSON.stringify([SUITE, PACKAGES, HOOK]);
  const name = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
  const folder = join(cache, name);
  if (!existsSync(folder)) build(folder, mirror);
  return { root: join(folder, 'root.cpio'), kernel: join(folder, 'vmlinuz') };
}

function build(folder, mirror) {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const options = [
    '--quiet',
    '--arch=arm64',
    '--variant=minbase',
    `--include=${PACKAGES.join(',')}`,
    '--dpkgopt=path-exclude=/usr/share/doc/*',
    '--dpkgopt=path-exclude=/usr/share/man/*',
    '--dpkgopt=path-exclude=/usr/share/locale/*',
    '--customize-hook=eval "$PREPARE_ROOT"',
    `--customize-hook=download /tmp/root.cpio ${join(unfinished, 'root.cpio')}`,
    `--customize-hook=download /tmp/vmlinuz ${join(unfinished, 'vmlinuz')}`,
  ];
  execFileSync('mmdebstrap', [...options, SUITE, '/dev/null', mirror], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PREPARE_ROOT: HOOK },
  });
  renameSync(unfinished, folder);
}

function aptMirror() {
  const targets = ['indextargets', '--format', '$(LABEL) $(SITE)', 'Created-By: Packages'];
  const printed = execFileSync('apt-get', targets, { encoding: 'utf8' });
  return /^Debian (\S+)$/m.exec(printed)?.[1] ?? MIRROR;
}
