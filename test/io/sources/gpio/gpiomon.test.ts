import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOnce } from '../../../../src/app/streams/sample-way.ts';
import { DeviceError, SourceError } from '../../../../src/core/errors.ts';
import type { Source } from '../../../../src/core/source.ts';
import { createBackOff } from '../../../../src/io/timing/back-off.ts';
import { collect } from '../../collect.ts';
import { commandLine } from '../../process/command-line.ts';
import { tempFolder } from '../../temp-folder.ts';
import { fakeGpiod } from './fake-gpiod.ts';
import { flow, openGpio } from './open-gpio.ts';

/** The first step in which there are pulses that have ended; a busy machine takes its time to start a program. */
async function firstPulses(source: Source): Promise<number[]> {
  const stop = new AbortController();
  let found: number[] = [];
  for await (const { values } of source.samples(stop.signal)) {
    if (!(values[3] ?? 0)) continue;
    found = [...values];
    stop.abort();
  }
  return found;
}

describe('gpio source with gpiomon', () => {
  const monitor = `setInterval(() => { edge(1, 17, 'GPIO17'); edge(2, 17, 'GPIO17'); }, 5);`;

  it('counts the edges it prints, and ends it when stopped', async () => {
    const gpiodFolder = fakeGpiod({
      monitor: `require('fs').writeFileSync(__filename + '.pid', String(process.pid)); ${monitor}`,
    });
    const { source } = openGpio({ lines: [flow], gpiodFolder, intervalMs: 100 });
    const [count = 0, rate = 0, , width = 0] = await firstPulses(source);
    expect(count).toBeGreaterThan(0);
    expect(rate).toBeGreaterThan(0);
    expect(width).toBeGreaterThan(0);
    const pid = readFileSync(join(gpiodFolder, 'monitor.cjs.pid'), 'utf8');
    await expect.poll(() => commandLine(pid)).toBe('');
  });

  it('chooses the chip by its label and passes each line its settings', async () => {
    const gpiodFolder = fakeGpiod({ levels: '1', monitor: 'setInterval(() => {}, 1000);' });
    const contact = { line: 4, channels: ['level'], activeLow: true, bias: 'pull-up' };
    const { source } = openGpio({
      lines: [
        { ...contact, debounceMs: 5 },
        { line: 'FAN_TACH', channels: ['level'] },
      ],
      gpiodFolder,
      intervalMs: 20,
    });
    const log = (): string[] => readFileSync(join(gpiodFolder, 'log'), 'utf8').split('\n');
    const stop = new AbortController();
    for await (const { values } of source.samples(stop.signal)) {
      expect(values).toEqual(Float64Array.of(1, 1));
      if (log().filter((call) => call.includes('--edges')).length === 2) stop.abort();
    }
    const calls = log();
    expect(calls).toContain('gpioget --numeric --chip gpiochip0 --bias pull-up --active-low 4');
    expect(calls).toContain(
      'gpiomon --chip gpiochip0 --bias pull-up --active-low --debounce-period 5000us --edges both --event-clock monotonic --unquoted --format %e %S %o %l 4',
    );
    expect(calls).toContain(
      'gpiomon --strict --by-name --edges both --event-clock monotonic --unquoted --format %e %S %o %l FAN_TACH',
    );
  });

  it('fails with its last words when it dies, and can be opened again', async () => {
    const gpiodFolder = fakeGpiod({
      monitor: `setTimeout(() => { console.error("gpiomon: unable to request lines: Device or resource busy"); process.exit(1); }, 60);`,
    });
    const { source } = openGpio({ lines: [flow], gpiodFolder, intervalMs: 20 });
    const failing = collect(source);
    await expect(failing).rejects.toThrow(SourceError);
    await expect(failing).rejects.toThrow(
      /gpiomon .* ended with exit code 1: gpiomon: unable to request lines: Device or resource busy$/,
    );
    await expect(collect(source)).rejects.toThrow('resource busy');
  });

  it('goes on after it died, when it is reopened as the daemon does', async () => {
    const gpiodFolder = fakeGpiod({
      monitor: `const died = __filename + '.died';
        if (!require('fs').existsSync(died)) { require('fs').writeFileSync(died, ''); process.exit(9); }
        ${monitor}`,
    });
    const { source } = openGpio({ lines: [flow], gpiodFolder, intervalMs: 50 });
    const lost: string[] = [];
    const { signal } = new AbortController();
    const opened = openOnce(source, signal, {
      care: {
        backOff: createBackOff(1, 5),
        lost: ({ message }) => void lost.push(message),
        silent: () => undefined,
        arrived: () => undefined,
      },
    });
    expect((await firstPulses(opened.source))[0]).toBeGreaterThan(0);
    await opened.close();
    expect(lost).toEqual([expect.stringContaining('ended with exit code 9')]);
  });

  it('ends the others when one of several dies', async () => {
    const gpiodFolder = fakeGpiod({
      monitor: `const { existsSync, writeFileSync } = require('fs');
        const other = __filename + '.pid';
        if (process.argv.includes('--active-low')) setInterval(() => existsSync(other) && process.exit(3), 10);
        else { writeFileSync(other, String(process.pid)); setInterval(() => {}, 1000); }`,
    });
    const lines = [flow, { line: 4, activeLow: true }];
    await expect(collect(openGpio({ lines, gpiodFolder }).source)).rejects.toThrow('exit code 3');
    const pid = readFileSync(join(gpiodFolder, 'monitor.cjs.pid'), 'utf8');
    await expect.poll(() => commandLine(pid)).toBe('');
  });

  it('says what is missing: the program, its second generation, the chip', async () => {
    const reader = 'gpiomon';
    const absent = collect(openGpio({ lines: [flow], reader, gpiodFolder: tempFolder() }).source);
    await expect(absent).rejects.toThrow(DeviceError);
    await expect(absent).rejects.toThrow('gpiomon is not installed: apt install gpiod');
    const old = fakeGpiod({ version: 'gpiomon (libgpiod) v1.6.3' });
    await expect(
      collect(openGpio({ lines: [flow], reader, gpiodFolder: old }).source),
    ).rejects.toThrow('gpiomon is of libgpiod v1.6.3, expected v2');
    const other = fakeGpiod({ chips: ['gpiochip0 [9030000.pl061] (8 lines)'] });
    await expect(
      collect(openGpio({ lines: [flow], reader, gpiodFolder: other }).source),
    ).rejects.toThrow(
      'found 9030000.pl061, expected pinctrl-rp1 or pinctrl-bcm2711 or pinctrl-bcm2835: set chip to the label',
    );
  });

  it('refuses output it does not understand', async () => {
    const gpiodFolder = fakeGpiod({ monitor: `console.log('event: RISING EDGE offset: 17');` });
    await expect(collect(openGpio({ lines: [flow], gpiodFolder }).source)).rejects.toThrow(
      'gpiomon printed "event: RISING EDGE offset: 17", expected edge, seconds, offset and name',
    );
  });
});
