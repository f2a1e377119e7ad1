// Templates of Home Assistant are Jinja's, in a sandbox of Python.
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { DaemonInfo } from '../../../src/core/control.ts';
import { componentsOf } from '../../../src/io/sinks/mqtt/home-assistant-device.ts';
import { healthPayload, infoPayload } from '../../../src/io/sinks/mqtt/payloads.ts';
import { createOpenAlerts } from '../../../src/io/sinks/stream-state.ts';
import { alertOf } from '../alerts.ts';
import { controlOf, HEALTH } from '../control.ts';

const hasJinja = spawnSync('python3', ['-c', 'import jinja2']).status === 0;

const RENDER = `
import json, sys
from jinja2.sandbox import ImmutableSandboxedEnvironment
template, value = json.load(sys.stdin)
print(ImmutableSandboxedEnvironment().from_string(template).render(value_json=value), end='')`;

const components = componentsOf({
  root: 'sentigon/pump-1',
  node: 'pump-1',
  version: '1.2.3',
  qos: 1,
  silenceMinutes: 60,
  scoreEveryS: 10,
  streams: [{ id: 'motor', intervalMs: 1000 }],
});

function rendered(template: unknown, value: object): string {
  const input = JSON.stringify([template, value]);
  return execFileSync('python3', ['-c', RENDER], { encoding: 'utf8', input });
}

describe('templates for Home Assistant', () => {
  it('ask by dot for nothing that Python has a method for', () => {
    const methods = 'clear|copy|fromkeys|get|items|keys|pop|popitem|setdefault|update|values';
    expect(JSON.stringify(components)).not.toMatch(new RegExp(`value_json\\.(${methods})\\b`));
  });

  it.skipIf(!hasJinja)('tell the newest release, also when it is the one that runs', () => {
    const template = components['daemon_release']?.['latest_version_template'];
    const latest = (update: DaemonInfo['update']) => {
      const info = { ...controlOf(['motor']).control.info(), version: '1.2.3', update };
      return rendered(template, infoPayload(info));
    };
    expect(latest(undefined)).toBe('1.2.3');
    expect(latest({ version: '1.3.0', releasedAt: '2026-11-26T12:00:00.000Z' })).toBe('1.3.0');
  });

  it.skipIf(!hasJinja)(
    'tell severity and top channel of an open alert, and let it be acknowledged',
    () => {
      const open = createOpenAlerts();
      const told = (acknowledged: boolean) => {
        const state = { ...open.state('motor'), acknowledged };
        const { availability } = components['motor_ack'] as unknown as {
          availability: readonly { readonly value_template: string }[];
        };
        return [
          rendered(components['motor_severity']?.['value_template'], state),
          rendered(components['motor_channel']?.['value_template'], state),
          rendered(availability[1]?.value_template, state),
        ];
      };
      expect(told(false)).toEqual(['none', 'none', 'offline']);
      open.take(alertOf('a', 'opened', { severity: 'critical' }));
      expect(told(false)).toEqual(['critical', 'vibration', 'online']);
      expect(told(true)).toEqual(['critical', 'vibration', 'offline']);
    },
  );

  it.skipIf(!hasJinja)('tell how far a stream has learnt', () => {
    const progress = (model: null | { id: string; detector: string }, learning?: object) => {
      const [stream] = controlOf(['motor']).control.info().streams;
      const streams = [{ ...HEALTH.streams[0], ...(learning && { learning }) }];
      const payload = healthPayload({ ...HEALTH, streams: streams as never }, [
        { ...stream, model } as never,
      ]);
      return rendered(components['motor_learning']?.['value_template'], payload);
    };
    expect(progress(null)).toBe('0');
    expect(progress(null, { rows: 300, calmRows: null, neededRows: 900 })).toBe('33');
    expect(progress(null, { rows: 900, calmRows: 600, neededRows: 900 })).toBe('67');
    expect(progress({ id: 'm', detector: 'gon' })).toBe('100');
  });
});
