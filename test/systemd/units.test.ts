// The units that come with the package, judged by systemd itself.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagedUnit, type UnitFile, unitText } from '../../src/app/service/unit-text.ts';
import { tempFolder } from '../io/temp-folder.ts';

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
const UNITS: readonly UnitFile[] = ['sentigon.service', 'sentigon@.service'];
/** Of 10. */
const EXPOSURE = 2.0;

/** A unit in a folder, with a Node that is there. */
function written(file: UnitFile): string {
  const place = { main: '/usr/lib/sentigon/dist/main.js', config: '/etc/sentigon/config.yaml' };
  const groups = 'gpio:x:997:\ni2c:x:998:\ndialout:x:20:\n';
  const path = join(tempFolder(), file);
  writeFileSync(path, unitText(packagedUnit(file), { ...place, node: process.execPath, groups }));
  return path;
}

function analyze(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

describe.skipIf(!hasAnalyze)('systemd-analyze', () => {
  it.each(UNITS)('finds nothing wrong with %s', (file) => {
    expect(analyze('verify', '--man=no', written(file))).toEqual({ status: 0, text: '' });
  });

  it.each(UNITS)(`finds %s exposed to ${EXPOSURE} at most`, (file) => {
    const threshold = `--threshold=${EXPOSURE * 10}`;
    const { status, text } = analyze('security', '--offline=true', threshold, written(file));
    const [, exposure] = /exposure level for \S+: ([\d.]+)/.exec(text) ?? [];
    expect(Number(exposure)).toBeGreaterThan(0);
    expect(Number(exposure)).toBeLessThanOrEqual(EXPOSURE);
    expect(status).toBe(0);
  });
});

describe('the units', () => {
  it('differ only in what is the instance’s own', () => {
    const lines = packagedUnit('sentigon.service').split('\n');
    const differing = packagedUnit('sentigon@.service')
      .split('\n')
      .filter((line, index) => line !== lines[index]);
    expect(differing).toHaveLength(3);
    for (const line of differing) expect(line).toContain('%i');
  });

  it.each(UNITS)('%s lets the daemon listen, on whatever address it is told', (file) => {
    const text = packagedUnit(file);
    expect(text).toMatch(/^RestrictAddressFamilies=.*AF_INET AF_INET6/m);
    expect(text).not.toMatch(/^(PrivateNetwork|IPAddressDeny|SocketBindDeny)=/m);
  });

  it.each(UNITS)('%s may write nowhere but in its state', (file) => {
    const text = packagedUnit(file);
    expect(text).toMatch(/^ProtectSystem=strict$/m);
    expect(text).toMatch(/^ProtectHome=yes$/m);
    expect(text).toMatch(/^PrivateTmp=yes$/m);
    expect(text.match(/^\w+Directory=.*$/gm)).toEqual([
      expect.stringMatching(/^StateDirectory=sentigon(-%i)?$/),
    ]);
    expect(text).not.toMatch(/^(ReadWritePaths|BindPaths|TemporaryFileSystem)=/m);
  });

  it.each(UNITS)(
    '%s lets V8 compile, and gives no way to GPIO but the character device',
    (file) => {
      const text = packagedUnit(file);
      expect(text).not.toMatch(/^MemoryDenyWriteExecute=/m);
      expect(text).toMatch(/^ProtectKernelTunables=yes$/m);
      expect(text).toMatch(/^DeviceAllow=char-gpiochip rw$/m);
    },
  );
});
