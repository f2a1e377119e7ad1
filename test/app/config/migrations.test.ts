import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar } from 'yaml';
import { runCommand } from '../../../src/app/cli/program.ts';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { loadConfig, parseConfig } from '../../../src/app/config/load.ts';
import {
  type ConfigStep,
  migrateFile,
  migrateText,
  NEWEST_VERSION,
} from '../../../src/app/config/migrations.ts';
import { configSchema } from '../../../src/app/config/schema.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { DEFAULT_THRESHOLD } from '../../../src/detection/thresholds/index.ts';
import { tempFolder } from '../../io/temp-folder.ts';

/** As releases to come may have them: an option gets another name, then another unit. */
const steps: readonly ConfigStep[] = [
  (document) => {
    if (!isMap(document.contents)) return;
    for (const { key } of document.contents.items) {
      if (isScalar(key) && key.value === 'interval') key.value = 'period';
    }
  },
  (document) => document.set('period', Number(document.get('period')) * 1000),
];

const OLD = '# mine\ninterval: 5 # seconds\nstreams: [] # none yet\n';

describe('sentigon config migrate', () => {
  const migrate = (file: string) => runCommand(['node', 'sentigon', 'config', 'migrate', file]);

  it.each([
    ['{"format":"sentigon-simulation/1","network":"gon"}', /:1:2 found .+\n.+:1:35 found /],
    ['- a\n- b\n', /expected|found/],
    ['', /found an empty file/],
    ['\u0000', /found/],
  ])('leaves a file alone that is no configuration: %j', async (text, says) => {
    const file = join(tempFolder(), 'other.json');
    writeFileSync(file, text);
    await expect(migrate(file)).rejects.toThrow(says);
    await expect(migrate(file)).rejects.toThrow(ConfigError);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(existsSync(`${file}.v1`)).toBe(false);
  });
});

function fileWith(text: string): string {
  const file = join(tempFolder(), 'sentigon.yaml');
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

describe('an older configuration', () => {
  it('is brought to the newest form, with its comments', () => {
    const { text = '', from } = migrateText(OLD, 'a.yaml', steps) ?? {};
    expect(from).toBe(1);
    expect(text).toContain('period: 5000');
    expect(text).toContain('version: 3');
    expect(text).not.toContain('interval:');
    expect(text).toContain('# mine');
    expect(text).toContain('streams: [] # none yet');
    expect(migrateText(text, 'a.yaml', steps)).toBeUndefined();
  });

  it('goes only the steps that are left', () => {
    const migrated = migrateText('version: 2\nperiod: 7\n', 'a.yaml', steps);
    expect(migrated?.text).toBe('version: 3\nperiod: 7000\n');
  });

  it('is kept beside the new file, with its mode, and not twice', () => {
    const file = fileWith(OLD);
    expect(migrateFile(file, steps)).toBe(`${file}.v1`);
    expect(readFileSync(`${file}.v1`, 'utf8')).toBe(OLD);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}.v1`).mode & 0o777).toBe(0o600);
    expect(migrateFile(file, steps)).toBeUndefined();
    writeFileSync(file, 'interval: 9\n');
    migrateFile(file, steps);
    expect(readFileSync(`${file}.v1`, 'utf8')).toBe(OLD);
  });

  it('is refused when it is newer than the program', () => {
    const file = fileWith('version: 9\n');
    expect(() => migrateFile(file, steps)).toThrow(
      /has a newer version than 3, the newest that this program reads: install the newer program/,
    );
  });

  it('is named by its line when the daemon reads one that is too new', async () => {
    const file = fileWith(
      `version: ${NEWEST_VERSION + 1}\nstreams: [{id: a, source: {kind: host}}]\n`,
    );
    await expect(loadConfig(file, readEnvironment({}))).rejects.toThrow(
      `:1:10 version: found a number, expected ${NEWEST_VERSION}`,
    );
  });
});

describe('a configuration of version 1', () => {
  const migrated = (text: string): string => migrateText(text, 'a.yaml')?.text ?? '';
  const stream = (rest: string): string =>
    `streams:\n  - id: a\n    source: { kind: host }\n${rest.replace(/^/gm, '    ')}\n`;
  const budgetsIn = (text: string) =>
    parseConfig(text, 'a.yaml', configSchema).streams.map(
      ({ alerts, threshold }) => `${alerts.falseAlarmsPerDay} ${threshold.kind}`,
    );

  it('has false alarms a day in place of the risk of a row (#19)', () => {
    const text = migrated(
      stream('# quiet, please\nthreshold: {kind: pot, risk: 1e-4} # 8.64 a day\nhealth: {}'),
    );
    expect(text).not.toContain('threshold');
    expect(text).toContain('alerts:\n      falseAlarmsPerDay: 8.64\n');
    expect(text).toContain('# quiet, please\n    # 8.64 a day\n    health: {}');
    expect(text).toContain('version: 2');
    expect(migrateText(text, 'a.yaml')).toBeUndefined();
    expect(budgetsIn(text)).toEqual([`8.64 ${DEFAULT_THRESHOLD}`]);
  });

  it('counts rows a day by the interval of the stream, and keeps its other alerts', () => {
    const text = migrated(
      stream(
        'learn: {intervalMs: 60000}\nalerts: {openCount: 2}\nthreshold: {kind: pot, risk: 1e-3}',
      ),
    );
    expect(text).toContain('alerts: { openCount: 2, falseAlarmsPerDay: 1.44 }');
  });

  it.each(['{kind: pot}', '{kind: pot, risk: daily}'])('has the default of now for %s', (pot) => {
    const old = stream(`# as it was\nthreshold: ${pot}`);
    const text = migrated(old);
    expect(text).toBe(`${stream('# as it was')}version: 2\n`);
    expect(budgetsIn(old)).toEqual([`1 ${DEFAULT_THRESHOLD}`]);
  });

  it.each([
    'threshold: { kind: pot, risk: 1e-4, maxPeaks: 50 }',
    'threshold: { kind: pot, maxPeaks: 50 }',
    'threshold: { kind: dspot, risk: 1e-4 }',
    'threshold: { kind: fixed, level: 3 }',
    'threshold: { kind: pot, risk: 0.5 }',
    'threshold: { kind: pot, risk: lots }',
    'threshold: { kind: pot, risk: 1e-4 }\nmodel: of-another-interval.safetensors',
    'threshold: { kind: pot, risk: 1e-4 }\nalerts: none',
  ])('keeps %s', (rest) => {
    expect(migrated(stream(rest))).toBe(`${stream(rest)}version: 2\n`);
  });

  it('keeps its aliases whole', () => {
    const text = migrated(`streams:
  - { id: a, source: { kind: host }, threshold: &pot { kind: pot, risk: 1e-4 } }
  - { id: b, source: { kind: host }, threshold: *pot, alerts: &few { openCount: 2 } }
  - { id: c, source: { kind: host }, threshold: *pot, alerts: *few }
`);
    // b and c would have to share what they differ in
    expect(text).toContain('threshold: &pot { kind: pot, risk: 1e-4 }');
    expect(text.match(/threshold: \*pot/g)).toHaveLength(2);
    expect(budgetsIn(text)).toHaveLength(3);
    const alone = migrated(`streams:
  - { id: a, source: { kind: host }, threshold: &pot { kind: pot, risk: 1e-4 } }
  - { id: b, source: { kind: host }, threshold: *pot }
`);
    expect(budgetsIn(alone)).toEqual([`8.64 ${DEFAULT_THRESHOLD}`, `8.64 ${DEFAULT_THRESHOLD}`]);
  });

  it.each(['', '- a\n', 'hello\n', '# nothing\n'])(
    'is left alone when it is no mapping (%j)',
    (text) => {
      expect(migrateText(text, 'a.yaml')).toBeUndefined();
    },
  );

  it('keeps pot where the newest version names it', () => {
    expect(budgetsIn(`version: 2\n${stream('threshold: {kind: pot}')}`)).toEqual(['1 pot']);
  });
});
