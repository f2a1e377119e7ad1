import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Edge, type Level, monotonicMs } from '../../../../src/io/sources/gpio/edge-reader.ts';
import { createOnoffReader, type OnoffModule } from '../../../../src/io/sources/gpio/onoff.ts';
import { collect } from '../../collect.ts';
import { tempFolder } from '../../temp-folder.ts';
import { flow, openGpio } from './open-gpio.ts';

describe('gpio source with onoff', () => {
  function sysfs(chips: Readonly<Record<string, string>>): string {
    const root = tempFolder();
    for (const [base, label] of Object.entries(chips)) {
      const folder = join(root, 'sys/class/gpio', `gpiochip${base}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'label'), `${label}\n`);
      writeFileSync(join(folder, 'base'), `${base}\n`);
    }
    return root;
  }

  /** The package, without a kernel: remembers what was opened and lets the test tell of changes. */
  function fakeOnoff() {
    const seen = { opened: [] as unknown[][], released: [] as number[] };
    const watchers: ((error: Error | null, level: Level) => void)[] = [];
    const module = {
      Gpio: class {
        private readonly number: number;
        constructor(...args: [number, ...unknown[]]) {
          this.number = args[0];
          seen.opened.push(args);
        }
        readSync = (): Level => 1;
        watch = (tell: (error: Error | null, level: Level) => void): void =>
          void watchers.push(tell);
        unwatchAll = (): void => undefined;
        unexport = (): void => void seen.released.push(this.number);
      },
    };
    return { load: () => Promise.resolve(module as unknown as OnoffModule), seen, watchers };
  }

  const line = { line: 17, activeLow: true, bias: 'as-is', debounceMs: 3 } as const;

  it('adds the base of the chip to the BCM number, and reports changes', async () => {
    const { load, seen, watchers } = fakeOnoff();
    const root = sysfs({ 512: 'pinctrl-bcm2711', 570: 'raspberrypi-exp-gpio' });
    const reader = createOnoffReader({ chip: 'header', root, load });
    const stop = new AbortController();
    const opened = await reader.open([line, { ...line, line: 'GPIO4' }], stop.signal);
    expect(opened.levels).toEqual([1, 1]);
    const settings = { activeLow: true, debounceTimeout: 3 };
    expect(seen.opened).toEqual([
      [529, 'in', 'both', settings],
      [516, 'in', 'both', settings],
    ]);
    const edges: Edge[] = [];
    const watching = opened.watch((edge) => edges.push(edge), stop.signal);
    const beforeMs = monotonicMs();
    watchers[1]?.(null, 0);
    expect(edges[0]).toMatchObject({ index: 1, rising: false });
    expect(edges[0]?.atMs).toBeGreaterThanOrEqual(beforeMs);
    stop.abort();
    await watching;
    expect(seen.released).toEqual([529, 516]);
  });

  it('fails, and lets go, when a line is lost', async () => {
    const { load, seen, watchers } = fakeOnoff();
    const reader = createOnoffReader({ chip: 'mine', root: sysfs({ 0: 'mine' }), load });
    const signal = new AbortController().signal;
    const watching = (await reader.open([line], signal)).watch(() => undefined, signal);
    watchers[0]?.(new Error('EIO'), 0);
    await expect(watching).rejects.toThrow('onoff lost a line: EIO');
    expect(seen.released).toEqual([17]);
  });

  it('says what sysfs cannot do', async () => {
    const { load } = fakeOnoff();
    const signal = new AbortController().signal;
    const reader = createOnoffReader({ chip: 'header', root: sysfs({}), load });
    await expect(reader.open([line], signal)).rejects.toThrow('found no chip at all');
    await expect(reader.open([{ ...line, bias: 'pull-up' }], signal)).rejects.toThrow(
      'reader onoff cannot set bias pull-up',
    );
    await expect(reader.open([{ ...line, line: 'FAN_TACH' }], signal)).rejects.toThrow(
      "does not know the line 'FAN_TACH': give its BCM number",
    );
  });

  it('names the command that brings the package', async () => {
    const absent = Object.assign(new Error("Cannot find package 'onoff'"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    const unbuilt = new Error('Could not locate the bindings file. Tried:\n -> here\n -> there');
    const opening = (cause: Error) =>
      createOnoffReader({
        chip: 'mine',
        root: sysfs({ 0: 'mine' }),
        load: () => Promise.reject(cause),
      }).open([line], new AbortController().signal);
    await expect(opening(absent)).rejects.toThrow(
      'source gpio with reader onoff needs the package onoff, which is not installed: npm install --allow-scripts=epoll onoff',
    );
    await expect(opening(unbuilt)).rejects.toThrow(
      'which does not load (Could not locate the bindings file. Tried:): npm install',
    );
  });

  it('is tried where gpiomon is missing', async () => {
    const options = { lines: [flow], gpiodFolder: tempFolder(), root: sysfs({}) };
    const { source, told } = openGpio(options);
    await expect(collect(source)).rejects.toThrow('found no chip at all');
    expect(told[0]).toContain('gpiomon is not installed: apt install gpiod');
    expect(told[0]).toContain('trying onoff');
  });
});
