import { execFileSync } from 'node:child_process';
import { chmodSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { loadConfig } from '../../../src/app/config/load.ts';
import { tempFolder } from '../../io/temp-folder.ts';

const HOST = 'streams: [{id: host, source: {kind: host}}]\n';

/** A folder with one of each that cannot be used. */
function unusable(): string {
  const folder = tempFolder();
  for (const name of ['empty', 'closed', 'large', 'short']) writeFileSync(join(folder, name), '');
  writeFileSync(join(folder, 'short'), '1234567\n');
  chmodSync(join(folder, 'closed'), 0);
  truncateSync(join(folder, 'large'), 2 ** 40);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  return folder;
}

function load(folder: string, text: string) {
  const file = join(folder, 'sentigon.yaml');
  writeFileSync(file, text);
  return loadConfig(file, readEnvironment({}));
}

const isRoot = process.getuid?.() === 0;

describe('a file that a configuration names', () => {
  const cases = [
    ['is not there', 'none', 'does not exist'],
    ['is a folder', '.', 'is a folder and no regular file'],
    ['is a pipe', 'pipe', 'is a pipe and no regular file'],
    ['is a device', '/dev/zero', 'is a device or socket and no regular file'],
    ['is empty', 'empty', 'is empty'],
    ['is larger than any', 'large', 'is larger than '],
    ['may not be read', 'closed', isRoot ? 'is empty' : 'may not be read by this user (EACCES)'],
  ] as const;

  it.each(cases)(
    'for a secret is a fault of it when it %s, wherever it stands (#18)',
    async (_, name, why) => {
      const folder = unusable();
      const path = name.startsWith('/') ? name : join(folder, name);
      const text = `broker: {url: "mqtts://x", passwordFile: ${path}, tls: {key: ${path}}}
web: {passwordFile: ${path}}
streams: [{id: a, source: {kind: mqtt, broker: {passwordFile: ${path}}, devices: [{preset: zigbee2mqtt}]}}]
sinks: [{kind: mqtt, broker: {tls: {ca: ${path}}}}]
`;
      const told = await load(folder, text).catch((error: Error) => error.message.split('\n'));
      const places = [
        'broker.passwordFile',
        'broker.tls.key',
        'web.passwordFile',
        'streams[0].source.broker.passwordFile',
        'sinks[0].broker.tls.ca',
      ];
      expect(told).toEqual(
        places.map((place) => expect.stringContaining(` ${place}: names a file that ${why}`)),
      );
    },
  );

  it('for the password of the page is a fault when it is short', async () => {
    const folder = unusable();
    await expect(load(folder, `web: {passwordFile: ${folder}/short}\n${HOST}`)).rejects.toThrow(
      /web\.passwordFile: names a file that holds fewer than 8 characters/,
    );
  });

  it.each(cases.filter(([, name]) => !['empty', 'closed'].includes(name)))(
    'for a model is a fault when it %s',
    async (_, name, why) => {
      const folder = unusable();
      const path = name.startsWith('/') ? name : join(folder, name);
      const text = `streams: [{id: a, source: {kind: host}, model: ${path}}]\n`;
      await expect(load(folder, text)).rejects.toThrow(
        `streams[0].model: names a file that ${why}`,
      );
    },
  );

  it.each([
    ['a pipe', 'pipe', 'found a file that is a pipe and no regular file'],
    ['a file without a key', 'short', 'found a file without a key in it'],
    ['no key', 'none', 'found no such file and no key'],
  ])('for releases is a fault when it is %s', async (_, name, why) => {
    const folder = unusable();
    const text = `update: {publicKey: ${join(folder, name)}}\n${HOST}`;
    await expect(load(folder, text)).rejects.toThrow(
      `update.publicKey: ${why}, expected an ed25519 key`,
    );
  });
});
