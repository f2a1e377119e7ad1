// Makes and signs what `sentigon update` looks at, for the packages in a folder that scripts/build-deb.mjs has made:
//   node scripts/release-manifest.mjs FOLDER --key KEY.pem [--notes FILE]     writes release.json and release.json.sig there
//   node scripts/release-manifest.mjs --new-key KEY.pem                       makes a key, prints its half for update.publicKey
// Serve the folder as it is. The key belongs to whoever makes releases, and never on the server.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { commandLine, refuse } from './command-line.mjs';
import { INTERFACE } from './deb/native.mjs';

/** What of a folder belongs to a release: the kind, the version and the machine stand in the name. */
const KINDS = {
  deb: /^sentigon_(?<version>.+)_(?<arch>amd64|arm64|armhf)\.deb$/,
  tarball: /^sentigon-(?<version>.+)-(?<arch>amd64|arm64|armhf)\.tar\.gz$/,
};

/** The manifest of the files in `folder` that are of `version`. Throws when there is none, or one of another version. */
export function manifestOf(folder, { version, minNode, notes, releasedAt }) {
  const files = readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [kind, found] =
        Object.entries(KINDS)
          .map(([kind, form]) => [kind, form.exec(name)?.groups])
          .find(([, groups]) => groups) ?? [];
      if (!found) return [];
      if (found.version !== version) {
        throw new Error(`${name} is not of version ${version}: take it away`);
      }
      const bytes = readFileSync(join(folder, name));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return [{ kind, arch: found.arch, name, bytes: bytes.length, sha256, abi: INTERFACE }];
    });
  if (files.length === 0) throw new Error(`${folder} holds no package: node scripts/build-deb.mjs`);
  return { schema: 1, program: 'sentigon', version, releasedAt, minNode, notes, files };
}

/** Writes both files; returns the path of the manifest. `key` is a private key of ed25519. */
export function writeSigned(folder, manifest, key) {
  const path = join(folder, 'release.json');
  const text = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
  writeFileSync(path, text);
  writeFileSync(`${path}.sig`, `${sign(null, text, key).toString('base64')}\n`);
  return path;
}

/** 32 bytes in base64. */
export function publicHalf(key) {
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x, 'base64url').toString(
    'base64',
  );
}

function keyAt(path) {
  if (statSync(path).mode & 0o077) refuse(`${path} may be read by others: chmod 600 ${path}`);
  const key = createPrivateKey(readFileSync(path));
  return key.asymmetricKeyType === 'ed25519' ? key : refuse(`${path} is no ed25519 key`);
}

function makeKey(path) {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
    flag: 'wx',
  });
  return privateKey;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals, values } = commandLine({
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      'new-key': { type: 'string' },
      notes: { type: 'string' },
    },
  });
  const [folder] = positionals;
  if (values['new-key']) {
    console.log(publicHalf(makeKey(values['new-key'])));
  } else if (!folder || !values.key) {
    refuse('found no folder or no --key, expected both');
  } else {
    const { version, engines } = JSON.parse(
      readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8'),
    );
    const [least] = /\d+(\.\d+)*/.exec(engines.node);
    const minNode = [...least.split('.'), '0', '0'].slice(0, 3).join('.');
    const notes = values.notes && readFileSync(values.notes, 'utf8').trim();
    const key = keyAt(values.key);
    const about = { version, minNode, notes, releasedAt: new Date().toISOString() };
    console.log(
      `${writeSigned(folder, manifestOf(folder, about), key)}, signed for ${publicHalf(key)}`,
    );
  }
}
