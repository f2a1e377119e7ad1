import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar } from 'yaml';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { loadConfig } from '../../../src/app/config/load.ts';
import { migrateFile } from '../../../src/app/config/migrate-file.ts';
import {
  type ConfigStep,
  migrateText,
  NEWEST_VERSION,
} from '../../../src/app/config/migrations.ts';
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
      /is of a later version, this program knows 3: install the newer program/,
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
