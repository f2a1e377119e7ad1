import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measureStoreWrites } from '../../../scripts/store-writes.ts';
import { type Finding, findingText } from '../../../src/app/doctor/finding.ts';
import {
  checkClock,
  checkDevices,
  checkKernels,
  checkMachine,
  checkMemoryLimit,
  checkNode,
  checkParts,
  checkSecrecy,
  checkSpace,
  checkState,
  type Machine,
} from '../../../src/app/doctor/machine-checks.ts';
import { partsOf } from '../../../src/app/doctor/needs.ts';
import {
  checkBroker,
  checkConfiguration,
  checkUnit,
  checkWrites,
  estimateWrites,
} from '../../../src/app/doctor/setup-checks.ts';
import { ConfigError, DeviceError, SinkError } from '../../../src/core/errors.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';
import { tempFolder } from '../../io/temp-folder.ts';

const mine = { exists: true, readable: true, writable: true, byAll: false };

const PC: Machine = {
  ...{ model: 'ThinkCentre M70q', isPi: false, inContainer: false },
  ...{ architecture: 'x64', processors: 2, memoryBytes: 8e9 },
};
const PI: Machine = { ...PC, model: 'Raspberry Pi 4 Model B Rev 1.4', isPi: true };
const CONTAINER: Machine = { ...PC, inContainer: true };

describe('the doctor', () => {
  it.each([
    ['v18.20.4', 'fail'],
    ['v20.18.9', 'fail'],
    ['v20.19.0', 'ok'],
    ['v23.1.0', 'warn'],
    ['v24.0.0', 'ok'],
  ])('judges Node %s as %s', (version, verdict) => {
    expect(checkNode(version).verdict).toBe(verdict);
  });

  it('takes the oldest Node that package.json takes', () => {
    const { engines } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    );
    const [, major = 0, minor = 0] = /^>=(\d+)\.(\d+)$/.exec(engines.node)?.map(Number) ?? [];
    expect(checkNode(`v${major}.${minor}.0`).verdict).toBe('ok');
    expect(checkNode(`v${major}.${minor - 1}.9`).verdict).toBe('fail');
  });

  it('names the native part that does not load, why, and how to build it', async () => {
    const load = () => {
      throw new Error('NODE_MODULE_VERSION 108\nRequire stack:\n- /x');
    };
    const [sqlite, other] = await checkParts([
      { name: 'better-sqlite3', load, mend: 'npm rebuild better-sqlite3' },
      { name: 'gpiomon', load: () => 'gpiomon v2.2.1', mend: '' },
    ]);
    expect(sqlite).toMatchObject({ verdict: 'fail', mend: 'npm rebuild better-sqlite3' });
    expect(sqlite?.found).toBe('does not work: NODE_MODULE_VERSION 108');
    expect(other).toEqual({ verdict: 'ok', subject: 'gpiomon', found: 'gpiomon v2.2.1' });
  });

  it('warns of slow kernels unless they were asked for, and fails for missing ones', async () => {
    const plain = () => Promise.resolve({ name: 'plain' });
    expect((await checkKernels('auto', plain)).verdict).toBe('warn');
    expect((await checkKernels('plain', plain)).verdict).toBe('ok');
    const simd = () => Promise.resolve({ name: 'wasm-simd' });
    expect(await checkKernels('auto', simd)).toMatchObject({ verdict: 'ok', found: 'wasm-simd' });
    const missing = () => Promise.reject(new DeviceError('the kernels are missing'));
    expect((await checkKernels('auto', missing)).verdict).toBe('fail');
  });

  it('says in two parts what is wrong with the broker and what to do', async () => {
    const broker = brokerOptions.parse({ url: 'mqtt://me:sesame@broker.local' });
    const refuse = () =>
      Promise.reject(new SinkError('broker mqtt://broker.local refused: start the broker there'));
    expect(await checkBroker(broker, refuse)).toEqual({
      verdict: 'fail',
      subject: 'broker',
      found: 'broker mqtt://broker.local refused',
      mend: 'start the broker there',
    });
    const accepted = await checkBroker(broker, () => Promise.resolve());
    expect(accepted.verdict).toBe('ok');
    expect(accepted.found).not.toContain('sesame');
    expect((await checkBroker(undefined, refuse)).verdict).toBe('warn');
  });

  it('warns of a clock that is not set, the more without a battery', () => {
    expect(checkClock({ synchronised: true, hasRtc: false }, PC).verdict).toBe('ok');
    expect(checkClock({ synchronised: false, hasRtc: true }, PC)).toMatchObject({
      verdict: 'warn',
    });
    expect(checkClock({ synchronised: false, hasRtc: false }, PC).found).toContain('power cut');
    expect(checkClock({ synchronised: undefined, hasRtc: true }, PC).found).toContain('unknown');
  });

  it.each([
    [10e6, 'fail'],
    [100e6, 'warn'],
    [1e9, 'ok'],
  ])('judges %d bytes of free space as %s', (freeBytes, verdict) => {
    const finding = checkSpace('/var/lib/sentigon', { freeBytes, totalBytes: 32e9 });
    expect(finding.verdict).toBe(verdict);
    expect(finding.found).toContain('of 32000 MB free in /var/lib/sentigon');
  });

  it('warns when the history will write more than it may', () => {
    const load = {
      rowsPerS: [1],
      flushMs: 60_000,
      flushRows: 3600,
      alertStatesPerDay: 60,
      keptBytesPerDay: 0,
    };
    expect(checkWrites(load, 500).verdict).toBe('ok');
    expect(checkWrites({ ...load, flushMs: 0 }, 500)).toMatchObject({
      verdict: 'warn',
      mend: 'raise store.flushMs above 0',
    });
    expect(checkWrites({ ...load, keptBytesPerDay: 5e8 }, 500).verdict).toBe('warn');
  });

  it.each([
    [1, 60_000],
    [4, 60_000],
    [4, 600_000],
  ])(
    'estimates what %d streams write with a batch each %d ms within a factor of two',
    (streams, flushMs) => {
      const alertStatesPerDay = 60;
      const measured = measureStoreWrites({ folder: tempFolder(), hours: 1, streams, flushMs });
      const rowsPerS = Array.from({ length: streams }, () => 1);
      const load = { rowsPerS, flushMs, flushRows: 3600, alertStatesPerDay, keptBytesPerDay: 0 };
      const ratio = estimateWrites(load) / 1e6 / measured.mbPerDay;
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(2);
    },
  );

  it('knows a state folder that it may not write', () => {
    expect(checkState('/s', mine).verdict).toBe('ok');
    expect(checkState('/s', { ...mine, exists: false }).verdict).toBe('ok');
    expect(checkState('/s', { ...mine, writable: false })).toMatchObject({
      verdict: 'fail',
      found: 'this user may not write to /s',
    });
  });

  it('warns of a password that everybody may read', () => {
    expect(checkSecrecy('a.yaml', true, { ...mine, byAll: true }).verdict).toBe('warn');
    expect(checkSecrecy('a.yaml', true, mine).verdict).toBe('ok');
    expect(checkSecrecy('a.yaml', false, { ...mine, byAll: true }).verdict).toBe('ok');
  });

  it('names the group whose members may use a device', () => {
    const [closed, gone] = checkDevices(
      [
        { path: '/dev/gpiochip0', group: 'gpio', access: { ...mine, writable: false } },
        { path: '/dev/i2c-1', group: 'i2c', access: { ...mine, exists: false } },
      ],
      PC,
    );
    expect(closed).toMatchObject({ verdict: 'fail', mend: 'sudo adduser "$USER" gpio' });
    expect(gone).toMatchObject({ verdict: 'fail', found: '/dev/i2c-1 does not exist' });
  });

  it.each([
    [{ LoadState: 'not-found' }, 'warn', 'sudo sentigon service install'],
    [{ ActiveState: 'failed', Result: 'watchdog', NRestarts: '7' }, 'fail', 'journalctl'],
    [{ ActiveState: 'activating', SubState: 'auto-restart' }, 'fail', 'journalctl'],
    [{ ActiveState: 'inactive' }, 'warn', 'sudo systemctl start sentigon.service'],
    [{ ActiveState: 'active', NRestarts: '2' }, 'warn', 'journalctl'],
    [{ ActiveState: 'active', UnitFileState: 'disabled' }, 'warn', 'systemctl enable'],
    [{ ActiveState: 'active', UnitFileState: 'enabled' }, 'ok', undefined],
  ])('judges a unit with %o as %s', (properties, verdict, mend) => {
    const finding = checkUnit('sentigon.service', { LoadState: 'loaded', ...properties });
    expect(finding.verdict).toBe(verdict);
    if (mend === undefined) expect(finding.mend).toBeUndefined();
    else expect(finding.mend).toContain(mend);
  });

  it('warns where the kernel ignores memory limits, as on a stock Raspberry Pi OS', () => {
    expect(checkMemoryLimit('cpuset cpu io memory pids\n', PI).verdict).toBe('ok');
    expect(checkMemoryLimit('cpuset cpu io pids\n', PI).verdict).toBe('warn');
    expect(checkMemoryLimit(undefined, PI).verdict).toBe('warn');
  });

  it('speaks of a Pi only on a Pi, and of containers in one (#21)', () => {
    const gone = { path: '/dev/i2c-1', group: 'i2c', access: { ...mine, exists: false } };
    const clock = { synchronised: undefined, hasRtc: false };
    const said = (machine: Machine): string =>
      JSON.stringify([
        checkMachine(machine),
        checkMemoryLimit('', machine),
        checkDevices([gone], machine),
        checkClock(clock, machine),
      ]);
    expect(said(PI)).toMatch(/Raspberry Pi 4.*cmdline\.txt.*raspi-config.*no battery clock/);
    expect(said(PC)).toContain('ThinkCentre M70q, x64, 2 processors, 8000 MB of memory');
    expect(said(PC)).not.toMatch(/Pi|cmdline\.txt|raspi-config|docker/);
    expect(said(CONTAINER)).toMatch(/in a container.*docker run --memory.*--device \/dev\/i2c-1/);
    expect(said(CONTAINER)).not.toMatch(/cmdline\.txt|raspi-config|battery|timedatectl/);
    expect(partsOf([], [], CONTAINER).map(({ name }) => name)).toEqual(['better-sqlite3']);
  });

  it('gives each fault of a configuration a finding', async () => {
    const faulty = () =>
      Promise.reject(new ConfigError('a.yaml:1:1 x: found 1\na.yaml:2:1 y: found 2'));
    expect((await checkConfiguration('a.yaml', faulty)).map(({ verdict }) => verdict)).toEqual([
      'fail',
      'fail',
    ]);
    expect(await checkConfiguration('a.yaml', () => Promise.resolve())).toMatchObject([
      { verdict: 'ok' },
    ]);
    expect(await checkConfiguration(undefined, faulty)).toMatchObject([{ mend: 'sentigon init' }]);
  });

  it('puts what mends a finding on a line of its own', () => {
    const bad: Finding = { verdict: 'fail', subject: 'Node', found: 'v12', mend: 'apt install' };
    expect(findingText(bad)).toBe('fail  Node: v12\n      -> apt install');
    expect(findingText({ verdict: 'ok', subject: 'Node', found: 'v20' })).toBe('ok    Node: v20');
  });
});
