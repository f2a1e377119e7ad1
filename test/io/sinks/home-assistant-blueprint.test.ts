// The automation in docs/ that people import into Home Assistant, against what the daemon announces and sends.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { componentsOf } from '../../../src/io/sinks/mqtt/home-assistant-device.ts';
import { alertPayload } from '../../../src/io/text/alert-payload.ts';
import { alertOf } from '../alerts.ts';

interface Blueprint {
  readonly blueprint: {
    readonly domain: string;
    readonly input: Readonly<Record<string, { readonly selector: object; default?: unknown }>>;
  };
  readonly triggers: readonly { readonly entity_id: string }[];
  readonly variables: Readonly<Record<string, string>>;
  readonly conditions: readonly { readonly value_template: string }[];
}

const inputs: string[] = [];
const input = {
  tag: '!input',
  resolve(name: string) {
    inputs.push(name);
    return `input ${name}`;
  },
};
const file = readFileSync(
  new URL('../../../docs/home-assistant-blueprint.yaml', import.meta.url),
  'utf8',
);
const blueprint = parse(file, { customTags: [input] }) as Blueprint;

const components = componentsOf({
  ...{ root: 'sentigon/pi', node: 'pi', version: '1', qos: 1, silenceMinutes: 60, scoreEveryS: 10 },
  streams: [{ id: 'host', intervalMs: 1000 }],
});

const hasJinja = spawnSync('python3', ['-c', 'import jinja2']).status === 0;

/** Runs variables and conditions as Home Assistant does; prints the variables, or null when a condition does not hold. */
const RUN = `
import json, sys
from datetime import datetime, timedelta, timezone
from jinja2.sandbox import ImmutableSandboxedEnvironment
given = json.load(sys.stdin)
environment = ImmutableSandboxedEnvironment()
environment.globals.update(now=lambda: datetime.now(timezone.utc), as_datetime=datetime.fromisoformat, timedelta=timedelta)
variables = {'trigger': {'to_state': given['to_state']}}
for name, template in given['variables'].items():
    if name in given['inputs']: variables[name] = given['inputs'][name]
    else: variables[name] = environment.from_string(template).render(variables).strip()
for condition in given['conditions']:
    if environment.from_string(condition).render(variables).strip() != 'True':
        print('null'); sys.exit()
del variables['trigger']
print(json.dumps(variables))`;

function run(to_state: object | null, chosen: object = {}) {
  const { variables, conditions } = blueprint;
  const given = {
    ...{ to_state, variables },
    conditions: conditions.map(({ value_template }) => value_template),
    inputs: {
      least_severity: blueprint.blueprint.input['least_severity']?.default,
      changes: blueprint.blueprint.input['changes']?.default,
      ...chosen,
    },
  };
  const options = { encoding: 'utf8', input: JSON.stringify(given) } as const;
  return JSON.parse(execFileSync('python3', ['-c', RUN], options));
}

const heard = (payload: object, ageS = 1) => ({
  state: new Date(Date.now() - ageS * 1000).toISOString().replace('Z', '+00:00'),
  attributes: payload,
});

describe('the blueprint for notifications', () => {
  it('uses the inputs that it declares, and declares no other', () => {
    expect(blueprint.blueprint.domain).toBe('automation');
    expect(new Set(inputs)).toEqual(new Set(Object.keys(blueprint.blueprint.input)));
    expect(blueprint.triggers.map(({ entity_id }) => entity_id)).toEqual(['input alerts']);
  });

  it('names an entity and kinds of events that the daemon announces', () => {
    const event = components['host_event'];
    expect(file).toContain(`e.g. ${event?.['default_entity_id']}`);
    const { changes, least_severity: least } = blueprint.blueprint.input;
    expect(changes).toMatchObject({ selector: { select: { options: event?.['event_types'] } } });
    const severities = components['host_severity']?.['options'] as readonly string[];
    expect(least).toMatchObject({ selector: { select: { options: severities.slice(1) } } });
  });

  it.skipIf(!hasJinja)('tells the sentence of an alert, or the channel of one without', () => {
    const alert = alertOf('a', 'opened', { severity: 'critical' });
    const message = 'Vibration 9.1 mm/s, normally under 3';
    expect(run(heard({ ...alertPayload(alert), message }))).toMatchObject({
      ...{ title: 'Critical in motor', tag: 'a', severity: 'critical', stream: 'motor', message },
    });
    const { message: _, ...silent } = alertPayload(alertOf('a', 'closed'));
    expect(run(heard(silent))).toMatchObject({
      ...{ title: 'Warning in motor is over', message: 'vibration is unusual' },
    });
  });

  it.skipIf(!hasJinja)(
    'is quiet about what is not severe enough, not asked for, or long past',
    () => {
      const info = heard(alertPayload(alertOf('a', 'opened', { severity: 'info' })));
      expect(run(info)).toBeNull();
      expect(run(info, { least_severity: 'info' })).not.toBeNull();
      const closed = alertPayload(alertOf('a', 'closed'));
      expect(run(heard(closed), { changes: ['opened'] })).toBeNull();
      expect(run(heard(closed, 600))).toBeNull();
    },
  );

  it.skipIf(!hasJinja)('does nothing for an entity that is gone, or of another program', () => {
    expect(run(null)).toBeNull();
    expect(run(heard({}))).toBeNull();
    expect(run({ state: 'unknown', attributes: { event_type: null } })).toBeNull();
  });
});
