import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sentigon } from '../e2e/sentigon.ts';

/** The numbers and texts of an alert, by the names that they have in it; of several of one name the first. */
function fieldsOf(alert: string): ReadonlyMap<string, string> {
  const fields = [...alert.matchAll(/"(\w+)": ?("[^"]*"|[\d.]+)/g)].reverse();
  return new Map(fields.map(([, name = '', value = '']) => [name, value]));
}

/** As many decimals as the document shows. */
function rounded(value: string, shown: string): string {
  return value.startsWith('"') ? value : Number(value).toFixed(shown.split('.')[1]?.length ?? 0);
}

it.each(['README.md', 'docs/mqtt.md'])(
  'the alert in %s is one of the demo',
  async (path) => {
    const [sample = ''] = /^\{ "schema".*?\}$/ms.exec(readFileSync(path, 'utf8')) ?? [];
    const shown = fieldsOf(sample);
    const { stdout } = await sentigon(['demo', '--json']);
    const opened = stdout.split('\n').find((line) => line.includes(shown.get('id') ?? '-')) ?? '';
    const found = fieldsOf(opened);
    const expected = [...shown].map(([name, value]) => [
      name,
      rounded(found.get(name) ?? '', value),
    ]);
    expect(shown.size).toBeGreaterThan(10);
    expect([...shown]).toEqual(expected);
  },
  180_000,
);
