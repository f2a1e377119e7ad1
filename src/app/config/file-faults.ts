// Files that a configuration names: whether they can be used, and where secrets lie.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { readSecret, requireReadable, whyUnread } from '../../io/files/whole-file.ts';
import { MOST_MODEL_BYTES } from '../models/model-folder.ts';
import type { ConfigDocument, Fault, Path } from './document.ts';
import type { Environment } from './environment.ts';
import type { ConfigFile } from './schema.ts';
import { publicKeyFrom } from './update-options.ts';
import { LEAST_CHARACTERS } from './web-options.ts';

/** Names of files are not quoted: a password is easily written where its file should be named. */
export function fileFaults(
  config: ConfigFile,
  document: ConfigDocument,
  environment: Environment,
): Fault[] {
  const expectedSecret = secretIn(environment);
  const checks: Check[] = config.streams.flatMap(({ model }, index) =>
    model === undefined
      ? []
      : {
          path: ['streams', index, 'model'],
          look: () => requireReadable(model, MOST_MODEL_BYTES),
          expected: "a model from 'sentigon train'; leave the key out to learn from the source",
        },
  );
  for (const { path, file } of secretFiles(config)) {
    const look = () => requireLong(readSecret(secretPath(file, environment)), path);
    checks.push({ path, look, expected: expectedSecret });
  }
  const faults = checks.flatMap((check) => faultOf(check, document));
  return [...faults, ...keyFaults(config, document)];
}

interface Check {
  readonly path: Path;
  readonly expected: string;
  /** Throws what `whyUnread` understands. */
  look(): void;
}

function faultOf({ path, look, expected }: Check, document: ConfigDocument): Fault[] {
  try {
    look();
    return [];
  } catch (cause) {
    return [document.at(path, `names a file that ${whyUnread(cause)}, expected ${expected}`)];
  }
}

/** The page does not start with a short password. */
function requireLong(secret: string, path: Path): void {
  if (path[0] !== 'web' || secret.length >= LEAST_CHARACTERS) return;
  throw new Error(`holds fewer than ${LEAST_CHARACTERS} characters`);
}

function keyFaults({ update }: ConfigFile, document: ConfigDocument): Fault[] {
  try {
    if (update.publicKey !== undefined) publicKeyFrom(update.publicKey);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [document.at(['update', 'publicKey'], error.message)];
  }
}

function secretIn({ credentials, credentialStores }: Environment): string {
  const [store = ''] = credentialStores;
  return credentials === undefined
    ? `a path, or a credential in ${store}, where only root looks`
    : `a file in ${credentials} or a path`;
}

interface SecretFile {
  /** Where the configuration names it. */
  readonly path: Path;
  readonly file: string;
}

/** Options that name one, wherever they stand: in a section of a broker or the page, a sink, a source. */
const ANYWHERE: ReadonlySet<string> = new Set([
  ...['passwordFile', 'readOnlyPasswordFile', 'secretFile', 'tokenFile', 'urlFile'],
]);

/** Options that name one in such a section only; * = all of it. */
const WITHIN: ReadonlyMap<string, readonly string[]> = new Map([
  ['tls', ['ca', 'cert', 'key']],
  ['headerFiles', ['*']],
]);

/** All files that `config`, plain data, names for a secret. */
function secretFiles(config: unknown, path: Path = []): SecretFile[] {
  if (typeof config !== 'object' || config === null) return [];
  const keyed: [PropertyKey, unknown][] = Array.isArray(config)
    ? [...config.entries()]
    : Object.entries(config);
  return keyed.flatMap(([key, value]) => {
    const here = [...path, key];
    return typeof value === 'string' && isOption(here)
      ? [{ path: here, file: value }]
      : secretFiles(value, here);
  });
}

/** `config` with each secret's file where it really is. */
export function withSecretFiles<Config>(config: Config, environment: Environment): Config {
  const copy = structuredClone(config);
  for (const { path, file } of secretFiles(copy)) {
    // the path was found by walking this very object
    const holder = path.slice(0, -1).reduce<unknown>(step, copy) as Record<PropertyKey, unknown>;
    holder[path.at(-1) ?? ''] = secretPath(file, environment);
  }
  return copy;
}

/**
 * A name is looked for among systemd's credentials first, then as a path, and last where the service will get it from,
 * so that root can check a configuration by hand.
 */
function secretPath(file: string, { credentials, credentialStores }: Environment): string {
  const folders = credentials === undefined ? [] : [credentials];
  const places = [...folders.map((folder) => join(folder, file)), file];
  const stored = credentialStores.map((folder) => join(folder, file));
  return [...places, ...stored].find((place) => existsSync(place)) ?? file;
}

function isOption(path: Path): boolean {
  const key = String(path.at(-1));
  const here = WITHIN.get(String(path.at(-2))) ?? [];
  return ANYWHERE.has(key) || here.includes(key) || here.includes('*');
}

function step(value: unknown, key: PropertyKey): unknown {
  return (value as Record<PropertyKey, unknown>)[key];
}
