// What is known of a release, and that it comes from whom it should.
import { type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { UpdateError } from '../../core/errors.ts';
import { faultTexts } from '../../core/issue-words.ts';
import { VERSION } from '../status/version-order.ts';
import type { Origin } from './origin.ts';

/** The signature is over the bytes of the file, so it does not depend on how JSON is formatted. */
export const MANIFEST_FILE = 'release.json';
export const SIGNATURE_FILE = 'release.json.sig';

const version = z.string().regex(VERSION, 'expected x.y.z');

const file = z.object({
  kind: z.enum(['deb', 'tarball']),
  /** As Debian calls it. */
  arch: z.enum(['amd64', 'arm64', 'armhf']),
  /** Beside the manifest. */
  name: z.string().regex(/^\w[\w.+~-]*$/, 'expected the name of a file'),
  bytes: z.int().positive().max(1e9),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'),
  /** `process.versions.modules` that its native part was built for. */
  abi: z.string(),
});

// what a later release adds is no fault of this one: unknown keys are passed over
const release = z.object({
  schema: z.literal(1),
  program: z.literal('sentigon'),
  version,
  releasedAt: z.iso.datetime(),
  minNode: version,
  notes: z.string().max(4000).optional(),
  files: z.array(file).min(1).max(50),
});

export type Release = z.infer<typeof release>;
export type ReleaseFile = Release['files'][number];

const MANIFEST_BYTES = 256 * 1024;
const SIGNATURE_BYTES = 1024;

/** Throws `UpdateError` when it cannot be read, is not signed with that key, or is no manifest. Nothing is used before. */
export async function readRelease(origin: Origin, key: KeyObject): Promise<Release> {
  const manifest = await origin.read(MANIFEST_FILE, MANIFEST_BYTES);
  const signature = await origin.read(SIGNATURE_FILE, SIGNATURE_BYTES);
  if (!verify(null, manifest, key, Buffer.from(signature.toString('latin1'), 'base64'))) {
    throw new UpdateError(
      `${origin.where(MANIFEST_FILE)} was altered, or signed with another key than update.publicKey: nothing of it was used`,
      { code: 'SEN_UPD_ALTERED' },
    );
  }
  return parsed(manifest.toString('utf8'), origin.where(MANIFEST_FILE));
}

function parsed(text: string, where: string): Release {
  let json: unknown;
  try {
    json = JSON.parse(text);
    return release.parse(json);
  } catch (cause) {
    const { message } = cause as Error;
    const [reason = message] = cause instanceof z.ZodError ? faultTexts(cause, json) : [];
    throw new UpdateError(
      `${where} is signed, but is not a manifest that this release can read: ${reason}`,
      { code: 'SEN_UPD_MANIFEST', cause },
    );
  }
}
