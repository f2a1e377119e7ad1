// The units that come with the package, judged by systemd itself.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SYSUSERS } from '../../scripts/deb/control.mjs';
import { documents } from '../../scripts/documents/files.ts';
import { packagedUnit, type UnitFile, unitText } from '../../src/app/service/unit-text.ts';
import { tempFolder } from '../io/temp-folder.ts';

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
const UNITS: readonly UnitFile[] = ['sentigon.service', 'sentigon@.service'];
/** Of 10. */
const EXPOSURE = 2.0;

/** A unit in a folder, with a Node that is there. */
function written(file: UnitFile): string {
  const place = { main: '/usr/lib/sentigon/dist/main.js', config: '/etc/sentigon/config.yaml' };
  const groups = 'gpio:x:997:\ni2c:x:998:\ndialout:x:20:\nvideo:x:44:\n';
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

  it.each(UNITS)(
    '%s lets through every device that the documents and the options name (#18)',
    (file) => {
      const text = packagedUnit(file);
      const groups = /^SupplementaryGroups=(.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
      for (const name of devicesNamed()) {
        const device = DEVICES.find(({ path }) => path.test(name));
        expect(device, `${name} is a device that this table does not know`).toBeDefined();
        expect(text).toContain(`\nDeviceAllow=${device?.allow} rw\n`);
        expect(groups).toContain(device?.group);
      }
      for (const group of groups) expect(SYSUSERS).toContain(`\ng ${group} - -\n`);
    },
  );
});

/** Devices by their names, by what lets them through, and by the group that Raspberry Pi OS gives them. */
const DEVICES = [
  { path: /^\/dev\/gpiochip\d+$/, allow: 'char-gpiochip', group: 'gpio' },
  { path: /^\/dev\/i2c-\d+$/, allow: 'char-i2c', group: 'i2c' },
  { path: /^\/dev\/(ttyUSB\d+|serial\/by-id)$/, allow: 'char-ttyUSB', group: 'dialout' },
  { path: /^\/dev\/ttyACM\d+$/, allow: 'char-ttyACM', group: 'dialout' },
  { path: /^\/dev\/(ttyAMA\d+|serial0)$/, allow: 'char-ttyAMA', group: 'dialout' },
  { path: /^\/dev\/ttyS\d+$/, allow: 'char-ttyS', group: 'dialout' },
  { path: /^\/dev\/vcio$/, allow: '/dev/vcio', group: 'video' },
];

/** What the programs of examples open. */
const OPENED: Readonly<Record<string, readonly string[]>> = { vcgencmd: ['/dev/vcio'], node: [] };

/** Ours whatever the unit says; systemd.resource-control(5). */
const ALWAYS = /^\/dev\/(null|zero|full|u?random)$/;

function devicesNamed(): string[] {
  const files = [...documents(), 'src/app/doctor/needs.ts', 'src/app/config/example.ts'];
  const text = files
    .map((file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'))
    .join('\n');
  const programs = [...text.matchAll(/\bcommand: \[([\w-]+)/g)].map(([, program = '']) => program);
  const named = (text.match(/(?<!\w)\/dev\/[\w/-]*\w/g) ?? []).filter((path) => !ALWAYS.test(path));
  return [...new Set([...named, ...programs.flatMap((program) => OPENED[program] ?? [program])])];
}
