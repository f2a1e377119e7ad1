import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publicHalf, writeSigned } from '../../../scripts/release-manifest.mjs';
import { publicKeyFrom } from '../../../src/app/config/update-options.ts';
import { versionOrder } from '../../../src/app/status/version-order.ts';
import { fileFor, type Here } from '../../../src/app/update/offer.ts';
import { openOrigin } from '../../../src/app/update/origin.ts';
import { readRelease } from '../../../src/app/update/release.ts';
import { ConfigError, UpdateError } from '../../../src/core/errors.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { serve, signRelease, writeFile } from './signed-release.ts';

function released(changes: object = {}) {
  const folder = tempFolder();
  writeFile(folder, 'sentigon_1.2.0_arm64.deb');
  writeFile(folder, 'sentigon-1.2.0-arm64.tar.gz');
  return { folder, ...signRelease(folder, '1.2.0', changes) };
}

function read(from: string, key: string) {
  return readRelease(openOrigin(from), publicKeyFrom(key));
}

describe('the manifest of a release', () => {
  it('is read from a folder and from a URL when its signature is right', async () => {
    const { folder, key } = released();
    const { url } = await serve(folder);
    const release = await read(folder, key);
    expect(release).toMatchObject({ version: '1.2.0', minNode: '20.19.0' });
    expect(release.files.map(({ kind, arch }) => `${kind} ${arch}`)).toEqual([
      'tarball arm64',
      'deb arm64',
    ]);
    expect(await read(url, key)).toEqual(release);
    expect(await read(`${url}/`, key)).toEqual(release);
  });

  it('is not used when a byte of it was changed', async () => {
    const { folder, key } = released();
    const path = join(folder, 'release.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('1.2.0', '1.2.1'));
    await expect(read(folder, key)).rejects.toThrow(UpdateError);
    await expect(read(folder, key)).rejects.toThrow(/was altered, or signed with another key/);
  });

  it('is not used when somebody else has signed it', async () => {
    const { folder } = released();
    const { privateKey } = generateKeyPairSync('ed25519');
    await expect(read(folder, publicHalf(privateKey))).rejects.toThrow(/signed with another key/);
  });

  it('is not used when it is signed and says nothing that can be read', async () => {
    const { folder, key } = released({ files: [{ kind: 'deb', name: '../../etc/passwd' }] });
    await expect(read(folder, key)).rejects.toThrow(
      /not a manifest that this release can read: files/,
    );
    const { privateKey } = generateKeyPairSync('ed25519');
    writeSigned(folder, 'nonsense', privateKey);
    await expect(read(folder, publicHalf(privateKey))).rejects.toThrow(/not a manifest/);
  });

  it('passes over what only later releases know', async () => {
    const { folder, key } = released({ mirrors: [] });
    expect(await read(folder, key)).not.toHaveProperty('mirrors');
  });

  it('is reported in a line when it is not there, nobody answers, or it is far too long', async () => {
    const { folder, key } = released();
    await expect(read(tempFolder(), key)).rejects.toThrow(/release\.json cannot be read: ENOENT/);
    await expect(read('http://127.0.0.1:65535', key)).rejects.toThrow(
      /cannot be read: .*ECONNREFUSED/,
    );
    const { url } = await serve(tempFolder());
    await expect(read(url, key)).rejects.toThrow(/cannot be read: it answered 404/);
    appendFileSync(join(folder, 'release.json'), ' '.repeat(300_000));
    await expect(read(folder, key)).rejects.toThrow(/is longer than 262144 bytes/);
  });
});

it('a connection that was refused keeps no program alive', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  const asked = openOrigin('http://127.0.0.1:65535').open('release.json', 0);
  await expect(asked).rejects.toThrow(/ECONNREFUSED/);
  expect(timers()).toBeLessThanOrEqual(before);
});

describe('the public key', () => {
  it('is 32 bytes in base64, or a PEM file', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const path = join(tempFolder(), 'key.pem');
    writeFileSync(path, publicKey.export({ type: 'spki', format: 'pem' }));
    expect(publicKeyFrom(path).equals(publicKey)).toBe(true);
    expect(publicKeyFrom(publicHalf(privateKey)).equals(publicKey)).toBe(true);
  });

  it('is refused when it is of another kind, or none', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const path = join(tempFolder(), 'key.pem');
    writeFileSync(path, rsa.export({ type: 'spki', format: 'pem' }));
    for (const text of [path, 'c2hvcnQ=', 'none.pem']) {
      expect(() => publicKeyFrom(text)).toThrow(ConfigError);
      expect(() => publicKeyFrom(text)).toThrow(
        /expected an ed25519 key: a PEM file, or 32 bytes in base64/,
      );
    }
  });
});

describe('the file for this machine', () => {
  const here: Here = {
    ...{ version: '1.1.9', node: '20.19.2', abi: '115' },
    ...{ arch: 'arm64', kind: 'deb' },
  };
  const choose = async (changes: Partial<Here>, allowDowngrade = false) => {
    const { folder, key } = released();
    return fileFor(await read(folder, key), { ...here, ...changes }, { allowDowngrade });
  };

  it('is of its kind and architecture', async () => {
    expect((await choose({})).name).toBe('sentigon_1.2.0_arm64.deb');
    expect((await choose({ kind: 'tarball' })).name).toBe('sentigon-1.2.0-arm64.tar.gz');
  });

  it.each([
    ['another architecture', { arch: 'armhf' }, /no deb for armhf, only for: arm64/],
    ['an older Node', { node: '18.20.1' }, /needs Node 20\.19\.0 or newer, found 18\.20\.1/],
    ['a Node of another interface', { abi: '127' }, /binary interface 115, Node .* has 127/],
    [
      'a newer release',
      { version: '1.3.0' },
      /older than the running 1\.3\.0: add --allow-downgrade/,
    ],
  ] as const)('is none for %s', async (_, changes, reason) => {
    await expect(choose(changes)).rejects.toThrow(UpdateError);
    await expect(choose(changes)).rejects.toThrow(reason);
  });

  it('may be older when that was asked for', async () => {
    expect((await choose({ version: '1.3.0' }, true)).name).toContain('1.2.0');
  });
});

describe('the order of versions', () => {
  it('is that of numbers, and a trial comes before what it is for', () => {
    const sorted = [
      '0.9.10',
      '1.0.0-alpha',
      '1.0.0-alpha.2',
      '1.0.0-alpha.10',
      '1.0.0-beta',
      '1.0.0',
    ];
    expect([...sorted].reverse().sort(versionOrder)).toEqual(sorted);
  });

  it('is an order', () => {
    const part = fc.nat(12);
    const version = fc
      .tuple(part, part, part, fc.option(fc.constantFrom('a', 'a.1', '1', 'b'), { nil: undefined }))
      .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre === undefined ? '' : `-${pre}`}`);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(versionOrder(a, b)) + Math.sign(versionOrder(b, a))).toBe(0);
        expect(versionOrder(a, b) === 0).toBe(a === b);
        if (versionOrder(a, b) <= 0 && versionOrder(b, c) <= 0) {
          expect(versionOrder(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});
