// A throw-away copy of this system to install a package into: its files below, an overlay in memory above.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../io/temp-folder.ts';

/** Whether this user may have one, and this system has dpkg. */
export const mayInstall =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['-m', 'true']).status === 0 &&
  spawnSync('dpkg', ['--version']).status === 0 &&
  spawnSync('systemd-sysusers', ['--version']).status === 0;

/** Whether it can be booted as well. */
export const mayBoot = mayInstall && spawnSync('systemd-nspawn', ['--version']).status === 0;

const MOUNT = `
mount -t tmpfs none upper && mkdir upper/u upper/w
mount -t overlay none -o lowerdir=/,upperdir=upper/u,workdir=upper/w root
`;

/** What `script` prints in the copy, `package.deb` lying at its root. Rejects nothing: failures are in what it prints. */
export function inDebianRoot(deb: string, script: string): string {
  return run(deb, script, 'exec chroot root sh /script.sh');
}

/** The same with systemd running; `script` is a unit of its own, and the machine ends with it. */
export function inBootedRoot(deb: string, script: string, timeoutS: number): string {
  return run(
    deb,
    script,
    `mount -t cgroup2 none /sys/fs/cgroup
    systemd-id128 new > root/etc/machine-id
    rm -f root/etc/systemd/system/multi-user.target.wants/*
    cat > root/etc/systemd/system/script.service <<E
[Service]
Type=oneshot
ExecStart=sh /script.sh
ExecStopPost=systemctl poweroff
StandardOutput=append:/printed
StandardError=append:/printed
E
    ln -s ../script.service root/etc/systemd/system/multi-user.target.wants/
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout -s KILL ${timeoutS} systemd-nspawn -D root -b \\
      --register=no --keep-unit -M sentigon-test --private-network --console=pipe >&2 < /dev/null
    cat root/printed`,
  );
}

function run(deb: string, script: string, end: string): string {
  const folder = tempFolder();
  for (const name of ['upper', 'root']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'script.sh'), script);
  const enter = `set -e\n${MOUNT}cp script.sh root/script.sh\ncp ${deb} root/package.deb\n${end}\n`;
  const { stdout } = spawnSync('unshare', ['-m', '--cgroup', 'sh', '-c', enter], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout;
}
