import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withTables } from '../scripts/readme-tables.ts';
import { parseConfig } from '../src/app/config/load.ts';
import { configSchema } from '../src/app/config/schema.ts';
import { errorCodes, exitCodes } from '../src/app/exit-codes.ts';
import * as errors from '../src/core/errors.ts';
import { alertOptions } from '../src/detection/alerts/alert-options.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

describe('README', () => {
  it('has the tables that the schemas give', () => {
    expect(readme).toBe(withTables(readme));
  });

  it('names every error code, and no other', () => {
    const known = Object.values(errors)
      .filter((Class) => Class !== errors.KnownError)
      .map((Class) => new (Class as new (message: string) => errors.KnownError)('').code);
    expect(Object.keys(errorCodes).sort()).toEqual(known.sort());
    const named = [...readme.matchAll(/^\| ([A-Z]{4,}) \|/gm)].map((match) => match[1]);
    expect(named.sort()).toEqual(known);
  });

  it('names every exit code, and no other', () => {
    const section = readme.slice(readme.indexOf('| exit code |'), readme.indexOf('## Develop'));
    const named = [...section.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap((match) =>
      (match[1] ?? '').split(', ').map(Number),
    );
    expect(named.sort()).toEqual(Object.values(exitCodes).slice().sort());
  });

  it('names only scripts that exist', () => {
    const named = [...readme.matchAll(/npm run (\w[\w:]*)/g)].map((match) => match[1] ?? '');
    for (const name of named) expect(manifest.scripts).toHaveProperty([name]);
  });

  it('has configurations that are valid', () => {
    const streams = [...readme.matchAll(/```yaml\n(streams:[\s\S]*?)```/g)].map(
      ([, text = '']) => parseConfig(text, 'README.md', configSchema).streams,
    );
    expect(streams.flat().map(({ id }) => id)).toEqual([
      ...['hall', 'cellar', 'lab'],
      ...['pump', 'heating', 'radio'],
    ]);
  });

  it('has limits of channels that are valid', () => {
    const [, text = ''] = /```yaml\n(alerts:[\s\S]*?)```/.exec(readme) ?? [];
    expect(alertOptions.parse(parse(text).alerts).channels).toEqual({
      soc: { direction: 'above', minDeviation: 0, minRelative: 0 },
      flow: { direction: 'both', minDeviation: 2, minRelative: 0.1 },
    });
  });
});
