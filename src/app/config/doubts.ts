// What is allowed and hardly meant: a check of a configuration warns about it, and a daemon runs with it. Values are not quoted.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { optionsOf } from './choice.ts';
import type { ConfigDocument, Fault } from './document.ts';
import type { Environment } from './environment.ts';
import type { Config, ConfigFile, StreamConfig } from './schema.ts';

/** A line each. */
export function doubtsOf(
  { streams }: Pick<Config, 'streams'>,
  { searchPath }: Pick<Environment, 'searchPath'>,
): readonly string[] {
  return streams.flatMap((stream) => [
    ...slowSource(stream),
    ...missingFiles(stream),
    ...missingProgram(stream, searchPath),
  ]);
}

interface SourceOptions {
  readonly intervalMs?: unknown;
  readonly files?: unknown;
  readonly command?: unknown;
}

/** Most rows of a grid that is finer than its source have no reading. */
function slowSource({ id, source, model, learn }: StreamConfig): string[] {
  const { intervalMs } = optionsOf(source) as SourceOptions;
  if (model !== undefined || typeof intervalMs !== 'number') return [];
  if (intervalMs <= learn.intervalMs) return [];
  return [
    `stream '${id}': its source reads less often than its rows come, so that most have no reading: set learn.intervalMs to source.intervalMs`,
  ];
}

/** A driver may make them later, so that the daemon only waits for them. */
function missingFiles({ id, source }: StreamConfig): string[] {
  const { files } = optionsOf(source) as SourceOptions;
  if (source.kind !== 'file' || !Array.isArray(files)) return [];
  return files.flatMap(({ path }: { readonly path?: unknown }, index) =>
    typeof path === 'string' && !existsSync(path)
      ? [
          `stream '${id}': source.files[${index}].path does not exist: correct it, or load the driver of that file`,
        ]
      : [],
  );
}

function missingProgram({ id, source }: StreamConfig, searchPath: string): string[] {
  const { command } = optionsOf(source) as SourceOptions;
  if (source.kind !== 'exec' || !Array.isArray(command)) return [];
  const name = String(command[0]);
  const places = name.includes('/')
    ? [name]
    : searchPath.split(delimiter).map((folder) => join(folder, name));
  if (places.some((place) => existsSync(place))) return [];
  return [
    `stream '${id}': the program of source.command does not exist: install it, or correct its name`,
  ];
}

/** Ports that two servers of this daemon would listen on: the second would not start. */
export function portFaults(
  { embedded, broker, web, metrics }: ConfigFile,
  document: ConfigDocument,
): Fault[] {
  const listening = [
    ...(embedded.enabled && !broker ? [{ key: 'embedded', port: embedded.port }] : []),
    ...(metrics ? [{ key: 'metrics', port: metrics.port }] : []),
    ...(web ? [{ key: 'web', port: web.port }] : []),
  ];
  return listening.flatMap(({ key, port }, index) => {
    const other = listening.slice(0, index).find((earlier) => earlier.port === port);
    if (!other || port === 0) return [];
    return [document.at([key, 'port'], `is the port of ${other.key}, expected another one`)];
  });
}
