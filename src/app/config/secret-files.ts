// Secrets stand in files of their own; under systemd these are credentials, which only the service may read.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Path } from './document.ts';
import type { Environment } from './environment.ts';

export interface SecretFile {
  /** Where the configuration names it. */
  readonly path: Path;
  readonly file: string;
}

/** Options that name one, wherever a broker is configured: its own section, a sink, a source. */
const OPTIONS: ReadonlySet<string> = new Set(['passwordFile', 'ca', 'cert', 'key']);

/** All files that `config`, plain data, names for a secret. */
export function secretFiles(config: unknown, path: Path = []): SecretFile[] {
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
export function secretPath(file: string, { credentials, credentialStores }: Environment): string {
  const folders = credentials === undefined ? [] : [credentials];
  const places = [...folders.map((folder) => join(folder, file)), file];
  const stored = credentialStores.map((folder) => join(folder, file));
  return [...places, ...stored].find((place) => existsSync(place)) ?? file;
}

/** `ca`, `cert` and `key` are files of a `tls` section only. */
function isOption(path: Path): boolean {
  const key = String(path.at(-1));
  return OPTIONS.has(key) && (key === 'passwordFile' || path.at(-2) === 'tls');
}

function step(value: unknown, key: PropertyKey): unknown {
  return (value as Record<PropertyKey, unknown>)[key];
}
