import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../../src/app/config/schema.ts';
import { configText } from '../../../src/app/init/config-text.ts';
import { hostChannels } from '../../../src/app/init/proposed-limits.ts';

const none = { broker: undefined, state: undefined };

function limitsIn(text: string): unknown {
  return configSchema.parse(parse(text)).streams[0]?.alerts.limits;
}

describe('limits that init proposes (#21)', () => {
  it('are those of the channels that the machine has', () => {
    const channels = [
      { id: 'cpu.user', unit: '%' },
      { id: 'memory.used', unit: '%' },
      { id: 'disk.free', unit: '%' },
      { id: 'disk.free:/data', unit: '%' },
      { id: 'cpu.temperature', unit: '°C' },
    ];
    const text = configText({ source: { kind: 'host' }, ...none }, undefined, channels);
    expect(limitsIn(text)).toEqual({
      'memory.used[%]': { above: 95, forS: 60, severity: 'critical' },
      'disk.free[%]': { below: 10, forS: 0, severity: 'warning' },
      'disk.free:/data[%]': { below: 10, forS: 0, severity: 'warning' },
      'cpu.temperature[°C]': { above: 80, forS: 0, severity: 'critical' },
    });
  });

  it('fit this machine, and are none where nothing is known', () => {
    expect(hostChannels().map(({ id }) => id)).toContain('memory.used');
    const text = configText({ source: { kind: 'host' }, ...none }, undefined, []);
    expect(limitsIn(text)).toEqual({});
  });

  it('are a commented line for other temperatures', () => {
    const channels = [
      { name: 'freezer[°C]', topic: 'freezer/t' },
      { name: 'power[W]', topic: 'meter/p' },
    ];
    const text = configText({ source: { kind: 'mqtt', channels }, ...none }, undefined, []);
    expect(limitsIn(text)).toEqual({});
    expect(text).toContain('    #   limits:\n    #     "freezer[°C]": { below: 0, above: 60 }\n');
    const uncommented = text.replaceAll(/^ {4}# ( *(alerts|limits|"freezer))/gm, '    $1');
    expect(limitsIn(uncommented)).toMatchObject({ 'freezer[°C]': { below: 0, above: 60 } });
  });
});
