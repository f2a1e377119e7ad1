import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deviceOf, devices } from '../../../src/lab/profiler/devices.ts';

const source = readFileSync(
  new URL('../../../src/lab/profiler/devices.ts', import.meta.url),
  'utf8',
);

describe('device registry', () => {
  it('lists every device of the file', () => {
    const kinds = [...source.matchAll(/: Device = \{\s+kind: '([^']+)'/g)].map(([, kind]) => kind);
    expect(kinds.length).toBeGreaterThan(1);
    expect([...devices.keys()].sort()).toEqual(kinds.sort());
  });

  it.each([
    ['Raspberry Pi Zero 2 W Rev 1.0', 'arm64', 'pi-zero-2-w'],
    ['Raspberry Pi 3 Model B Plus Rev 1.3', 'arm64', 'pi-3b-plus'],
    ['Raspberry Pi 4 Model B Rev 1.4', 'arm64', 'pi-4b'],
    ['Raspberry Pi 5 Model B Rev 1.0', 'arm64', 'pi-5'],
    ['NVIDIA Jetson Nano Developer Kit', 'arm64', 'jetson-nano'],
    ['Intel(R) N100', 'x64', 'x86'],
    ['Raspberry Pi Model B Rev 2', 'arm', undefined],
  ])('knows a machine that calls itself %s', (model, architecture, kind) => {
    expect(deviceOf(model, architecture)?.kind).toBe(kind);
  });
});

describe.each([...devices.values()])('$kind', (device) => {
  const figures = Object.entries(device).filter(([, value]) => typeof value === 'object');

  it('has a source beside each figure, and figures above 0', () => {
    expect(figures.length).toBeGreaterThanOrEqual(4);
    for (const [name, figure] of figures) {
      expect(figure.value, name).toBeGreaterThan(0);
      expect(figure.source.length, name).toBeGreaterThan(10);
    }
  });

  it('takes more power at work than idle, or tells neither', () => {
    const { idlePowerW, busyPowerW } = device;
    expect(idlePowerW === undefined).toBe(busyPowerW === undefined);
    expect(busyPowerW?.value ?? 1).toBeGreaterThan(idlePowerW?.value ?? 0);
  });
});
