import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inBootedRoot, inDebianRoot, mayBoot, mayInstall } from './debian-root.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const hasDpkgDeb = spawnSync('dpkg-deb', ['--version']).status === 0;

describe.skipIf(!hasDpkgDeb)('the Debian package', () => {
  let folder = '';
  let deb = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentigon-deb-'));
    execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: 'ignore' });
    const command = ['scripts/build-deb.mjs', hostArch(), folder];
    const said = execFileSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' });
    deb = said.split(' (')[0] ?? '';
  }, 600_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('names what it needs and what is the owner’s', () => {
    const field = (name: string) =>
      execFileSync('dpkg-deb', ['--field', deb, name], { encoding: 'utf8' }).trim();
    expect(field('Depends')).toContain('nodejs (>= 20.19)');
    expect(field('Architecture')).toBe(hostArch());
    const conffiles = execFileSync('dpkg-deb', ['--info', deb, 'conffiles'], { encoding: 'utf8' });
    expect(conffiles).toBe('/etc/sentigon/config.yaml\n');
  });

  it('holds the program and its native part, root’s, and nothing that only builds or tests', () => {
    const contents = execFileSync('dpkg-deb', ['--contents', deb], { encoding: 'utf8' });
    for (const path of [
      './usr/bin/sentigon -> ../lib/sentigon/dist/main.js',
      './usr/lib/sentigon/dist/engine/kernels/kernels.wasm',
      './usr/lib/sentigon/node_modules/better-sqlite3/build/Release/better_sqlite3.node',
      './usr/lib/systemd/system/sentigon@.service',
      './usr/lib/sysusers.d/sentigon.conf',
      './usr/lib/udev/rules.d/60-sentigon.rules',
      './usr/share/doc/sentigon/docs/install.md',
    ]) {
      expect(contents).toContain(path);
    }
    expect(contents).not.toMatch(/node_modules\/(vitest|typescript|@biomejs|epoll)\//);
    expect(contents).not.toContain('sqlite3.c');
    const lines = contents.trim().split('\n');
    expect(lines.every((line) => line.includes(' root/root '))).toBe(true);
  });

  it.skipIf(!mayInstall)(
    'installs, runs, is removed with the owner’s files left, and purged',
    () => {
      const printed = inDebianRoot(
        deb,
        `exec 2>&1
      dpkg --force-depends -i /package.deb; echo installed $?
      sentigon --version; sentigon config check /etc/sentigon/config.yaml
      sentigon doctor --json | grep -A1 better-sqlite3
      id -un sentigon; getent group gpio i2c | cut -d: -f1
      ls /etc/systemd/system/multi-user.target.wants/sentigon.service
      echo '# mine' >> /etc/sentigon/config.yaml; mkdir -p /var/lib/sentigon/models
      dpkg --remove sentigon; echo removed $?
      ls /usr/lib/sentigon /usr/bin/sentigon /etc/systemd/system/multi-user.target.wants/sentigon.service
      ls -d /etc/sentigon/config.yaml /var/lib/sentigon/models
      dpkg --purge sentigon; echo purged $?
      ls -d /etc/sentigon /var/lib/sentigon`,
      );
      expect(printed).toContain('installed 0');
      expect(printed).toContain('/etc/sentigon/config.yaml: fine, streams: host');
      expect(printed).toMatch(/"found": "SQLite 3\./);
      expect(printed).toMatch(/^sentigon\ngpio\ni2c$/m);
      const [, gone = '', left = '', last = ''] =
        /removed 0\n((?:ls: .*\n)+)(\/etc.*\n\/var.*\n)[\s\S]*purged 0\n((?:ls: .*\n)+)/.exec(
          printed,
        ) ?? [];
      expect(gone.match(/cannot access/g)).toHaveLength(3);
      expect(left).toBe('/etc/sentigon/config.yaml\n/var/lib/sentigon/models\n');
      expect(last.match(/cannot access/g)).toHaveLength(2);
    },
  );

  it.skipIf(!mayBoot)(
    'runs hardened under systemd: readiness, reload, watchdog, stop, a second instance',
    () => {
      const printed = inBootedRoot(
        deb,
        `dpkg --force-depends -i /package.deb > /dev/null 2>&1
      mkdir -p -m 700 /etc/credstore; echo sesame > /etc/credstore/sentigon.mqtt
      cat > /etc/sentigon/config.yaml <<E
streams: [{id: host, source: {kind: host, intervalMs: 100}, learn: {rows: 120, intervalMs: 100, detector: pca}}]
broker: {url: "mqtt://127.0.0.1:1", username: me, passwordFile: sentigon.mqtt}
E
      show() { echo "$1 $(systemctl show -P $2 sentigon)"; }
      systemctl restart sentigon; echo started $?
      until journalctl -u sentigon | grep -q '"watching"'; do sleep 1; done
      show status StatusText
      pid=$(systemctl show -P MainPID sentigon)
      grep -E '^(NoNewPrivs|Seccomp):' /proc/$pid/status; stat -c 'state of %U %a' /var/lib/private/sentigon/ /var/lib/sentigon/
      systemctl reload sentigon; echo reloaded $?
      echo '}' >> /etc/sentigon/config.yaml; systemctl reload sentigon; echo reloaded $?
      sed -i '$d' /etc/sentigon/config.yaml
      journalctl -u sentigon -o cat | grep -c 'not taken over, the old one goes on'
      kill -STOP $pid; until [ "$(systemctl show -P NRestarts sentigon)" = 1 ]; do sleep 1; done
      until systemctl is-active sentigon; do sleep 1; done
      journalctl -u sentigon -o cat | grep -o "Failed with result 'watchdog'"
      systemctl stop sentigon; show result Result; show code ExecMainStatus
      echo secrets $(journalctl | grep -c sesame)
      sentigon service install --instance pump; echo instance $?
      until journalctl -u sentigon@pump | grep -q 'learning what is normal'; do sleep 1; done
      echo pump $(systemctl is-active sentigon@pump) $(systemctl is-enabled sentigon@pump); ls /var/lib/sentigon-pump
      sentigon service uninstall --instance pump; echo gone $?
      echo pump $(systemctl is-active sentigon@pump) $(systemctl is-enabled sentigon@pump)`,
        240,
      );
      expect(printed).toMatch(/^started 0$/m);
      expect(printed).toContain('status watching');
      expect(printed).toMatch(/^NoNewPrivs:\t1$/m);
      expect(printed).toMatch(/^Seccomp:\t2$/m);
      expect(printed).toMatch(/^state of sentigon 700$/m);
      expect(printed.match(/^reloaded 0$/gm)).toHaveLength(2);
      expect(printed).toMatch(/^reloaded 0\nreloaded 0\n1$/m);
      expect(printed).toContain("Failed with result 'watchdog'");
      expect(printed).toMatch(/^result success$/m);
      expect(printed).toMatch(/^code 0$/m);
      expect(printed).toMatch(/^secrets 0$/m);
      expect(printed).toContain('write /etc/sentigon/pump.yaml: an example');
      expect(printed).toMatch(/^instance 0$[\s\S]*^pump active enabled\n(.*\n)*history\.db\n/m);
      expect(printed).toMatch(/^gone 0\npump inactive disabled$/m);
    },
  );
});

function hostArch(): string {
  return execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
}
