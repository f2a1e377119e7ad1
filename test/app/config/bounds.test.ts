import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { loadConfig } from '../../../src/app/config/load.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { tempFolder } from '../../io/temp-folder.ts';

const HOST = 'streams: [{id: host, source: {kind: host}}]\n';
/** Ten lists of ten of the one before: ten thousand million values. */
const BOMB = Array.from({ length: 10 }, (_, i) =>
  i === 0
    ? 'a0: &a0 x'
    : `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join()}]`,
).join('\n');

/** What is said of the configuration `name` in `folder`, without its place. */
async function faultOf(file: string): Promise<string> {
  try {
    await loadConfig(file, readEnvironment({}));
    return '';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replace(file, '');
  }
}

function written(content: string | Uint8Array): string {
  const file = join(tempFolder(), 'sentigon.yaml');
  writeFileSync(file, content);
  return file;
}

describe('a configuration', () => {
  it('may repeat itself by aliases as often as it has streams', async () => {
    const streams = Array.from({ length: 150 }, (_, i) =>
      i === 0
        ? '  - {id: a0, source: {kind: host}, learn: &learn {rows: 600}}'
        : `  - {id: a${i}, source: {kind: host}, learn: *learn}`,
    );
    const file = written(`streams:\n${streams.join('\n')}\n`);
    const config = await loadConfig(file, readEnvironment({}));
    expect(config.streams.at(-1)?.learn.rows).toBe(600);
  });

  it.each([
    ['an alias of nothing', `node: *none\n${HOST}`, /^:1:7 found an alias of an anchor that is/],
    ['an alias inside of itself', `log: &a {level: *a}\n${HOST}`, /^:1:17 found an alias inside/],
    ['a list in itself', `plugins: &a [*a]\n${HOST}`, /^:1:14 found an alias inside/],
    ['an alias bomb', `${BOMB}\n${HOST}`, /^:1:1 found more than 50000 values, aliases resolved/],
    ['an alias as a key', `a: &a x\n*a : 1\n${HOST}`, /^:2:1 found a key that is no text/],
    ['lists in lists', `a: ${'['.repeat(100_000)}`, /^:1:1\d\d found more than 100 levels/],
    ['closed ones', `a: ${'['.repeat(5e4)}${']'.repeat(5e4)}`, /found more than 100 levels/],
    [
      'mappings in mappings',
      Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      /found more than 100 levels/,
    ],
    ['keys in keys', '? '.repeat(1e5), /found more than 100 levels/],
    ['very many values', `a: [${'1,'.repeat(2e5)}1]`, /found more marks than any configuration/],
    [
      'very many keys',
      Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'),
      /^:1:1 streams: is missing/,
    ],
    ['very many aliases', `a: &a 1\nb: [${'*a,'.repeat(2000)}]`, /found more than 1000 aliases/],
    ['two documents', `${HOST}---\n${HOST}`, /^:2:1 found broken YAML, expected one document/],
    [
      'bytes',
      Uint8Array.from({ length: 99 }, (_, i) => i * 7),
      /^: found bytes that are not UTF-8/,
    ],
    ['zeros', new Uint8Array(1000), /found a text, expected a mapping/],
  ])('is refused in one line and soon when it has %s (#18)', async (_, content, fault) => {
    const said = await faultOf(written(content));
    expect(said.split('\n')[0]).toMatch(fault);
  });

  it.each([
    ['is a pipe', 'pipe', ': is a pipe and no regular file'],
    ['has no end', '/dev/zero', ': is a device or socket and no regular file'],
    ['has 100 MB', 'large', ': is larger than 512 kB'],
  ])('is not read when it %s (#18)', async (_, name, fault) => {
    const folder = tempFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    writeFileSync(join(folder, 'large'), '');
    truncateSync(join(folder, 'large'), 1e8);
    const said = await faultOf(name.startsWith('/') ? name : join(folder, name));
    expect(said.startsWith(fault)).toBe(true);
  });
});
