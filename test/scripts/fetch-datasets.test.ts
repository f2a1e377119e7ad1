import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ORIGINS } from '../../src/lab/datasets/origins.ts';

interface Entry {
  readonly url: string;
  readonly path: string;
  readonly sha256?: string;
  readonly values?: string;
}
type Convert = (
  bytes: Buffer,
  entry: { convert?: string; rows: number; width: number },
) => { values: string; text: string };

const script = new URL('../../scripts/fetch-datasets/main.mjs', import.meta.url).pathname;
const read = <T>(path: string): T =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as T;
const sets = read<{ name: string; files: Entry[] }[]>('../../scripts/fetch-datasets/manifest.json');
const files = read<{ rows: number; width: number; values: number[] } & Record<string, string>>(
  '../golden/numpy-files.json',
);
const { convert } = (await import('../../scripts/fetch-datasets/convert.mjs' as string)) as {
  convert: Convert;
};

describe('fetch-datasets', () => {
  it.each([
    ['npy', 'npy'],
    ['npy', 'npyFortran'],
    ['npy', 'npySingle'],
    ['pickle', 'pickle'],
  ])('reads %s as NumPy wrote it (%s)', (form, key) => {
    const { rows, width } = files;
    const found = convert(Buffer.from(files[key] ?? '', 'base64'), { convert: form, rows, width });
    const single = Float32Array.from(files.values);
    expect(found.values).toBe(
      createHash('sha256').update(new Uint8Array(single.buffer)).digest('hex'),
    );
    const first = found.text.split('\n')[0]?.split(',').map(Number) ?? [];
    expect(first.map((value) => Number(value.toFixed(6)))).toEqual(files.values.slice(0, 3));
  });

  it('makes labels of interpretations, both rows inside', () => {
    const found = convert(Buffer.from('1-2:4\n4-4:1,2\n'), {
      convert: 'labels',
      rows: 6,
      width: 1,
    });
    expect(found.text).toBe('0\n1\n1\n0\n1\n0\n');
  });

  it('refuses a file of another size', () => {
    const bytes = Buffer.from(files['npy'] ?? '', 'base64');
    expect(() => convert(bytes, { convert: 'npy', rows: 31, width: 3 })).toThrow(
      /90 values, expected 31/,
    );
    expect(() => convert(Buffer.from('abc'), { convert: 'npy', rows: 1, width: 3 })).toThrow(
      /not a .npy/,
    );
  });

  it('knows every set that commands speak of, from one origin at a fixed commit, with a checksum for all but the index of NAB', () => {
    expect(sets.map(({ name }) => name)).toEqual(ORIGINS.map(({ name }) => name));
    const entries = sets.flatMap((set) => set.files);
    for (const { url } of entries) {
      expect(url).toMatch(
        /^https:\/\/raw\.githubusercontent\.com\/[\w-]+\/[\w-]+\/[0-9a-f]{7,40}\//,
      );
    }
    const unchecked = entries.filter(({ sha256, values }) => !sha256 && !values);
    expect(unchecked.map(({ path }) => path)).toEqual(['labels/combined_windows.json']);
  });

  it('refuses an unknown name before it touches the network', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sentigon-'));
    const run = (): string =>
      execFileSync(process.execPath, [script, '--out', folder, 'SWaT'], {
        stdio: 'pipe',
      }).toString();
    expect(run).toThrow(/unknown: SWaT/);
  });
});
