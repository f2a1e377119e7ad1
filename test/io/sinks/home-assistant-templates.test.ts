// Templates of Home Assistant are Jinja's, in a sandbox of Python.
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { DaemonInfo } from '../../../src/core/control.ts';
import { componentsOf } from '../../../src/io/sinks/mqtt/home-assistant-device.ts';
import { infoPayload } from '../../../src/io/sinks/mqtt/payloads.ts';
import { controlOf } from '../control.ts';

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
});
