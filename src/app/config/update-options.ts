// The options of updates, and the key that releases are signed with.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { readSecret, whyUnread } from '../../io/files/whole-file.ts';

export const updateOptions = z.strictObject({
  from: z
    .string()
    .min(1)
    .optional()
    .describe('place of the releases: an http(s) URL or a folder; it need not be trusted'),
  publicKey: z
    .string()
    .min(1)
    .optional()
    .describe(
      'key that releases are signed with: an ed25519 key, 32 bytes in base64 or a PEM file',
    ),
  auto: z
    .boolean()
    .default(false)
    .describe(
      'true: the timer installs a newer release; false: it only reports it, in its log and over MQTT',
    ),
});

export type UpdateOptions = z.infer<typeof updateOptions>;

const EXPECTED = 'expected an ed25519 key: a PEM file, or 32 bytes in base64';

/** The key of `update.publicKey`: the path of a PEM file, or the key itself. Throws `ConfigError`, which quotes nothing. */
export function publicKeyFrom(text: string): KeyObject {
  const key = existsSync(text) ? keyIn(text) : keyOf(text);
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new ConfigError(`found a key of type ${key.asymmetricKeyType}, ${EXPECTED}`, {
    code: 'SEN_CFG_RELEASE_KEY',
  });
}

function keyIn(path: string): KeyObject {
  let pem: string;
  try {
    pem = readSecret(path);
  } catch (cause) {
    throw new ConfigError(`found a file that ${whyUnread(cause)}, ${EXPECTED}`, {
      code: 'SEN_CFG_RELEASE_KEY',
      cause,
    });
  }
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new ConfigError(`found a file without a key in it, ${EXPECTED}`, {
      code: 'SEN_CFG_RELEASE_KEY',
      cause,
    });
  }
}

function keyOf(text: string): KeyObject {
  const x = Buffer.from(text, 'base64').toString('base64url');
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  } catch (cause) {
    throw new ConfigError(`found no such file and no key, ${EXPECTED}`, {
      code: 'SEN_CFG_RELEASE_KEY',
      cause,
    });
  }
}
