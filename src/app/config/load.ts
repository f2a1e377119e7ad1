// From a configuration file to a `Config`: all faults at once, each with its line.
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type ZodType, z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { readWhole, whyUnread } from '../../io/files/whole-file.ts';
import { builtInKinds, type Kinds } from '../plugins/kinds.ts';
import { type ConfigDocument, type Fault, readDocument } from './document.ts';
import type { Environment } from './environment.ts';
import { faultLine, faultsOf } from './faults.ts';
import { fileFaults } from './file-faults.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { learnOptionFaults } from './learn-options.ts';
import { pluggedIn } from './plugged-in.ts';
import { type Config, type ConfigFile, configSchemaWith } from './schema.ts';
import { withSecretFiles } from './secret-files.ts';
import { sourceFaults } from './source-faults.ts';
import { MOST_CONFIG_BYTES } from './yaml-text.ts';

/** Where a configuration is looked for when none is named. */
export const DEFAULT_FILE = 'sentigon.yaml';

/** The file to read: the one named, else SENTIGON_CONFIG, else `sentigon.yaml` if there is one. */
export function configFile(
  named: string | undefined,
  environment: Environment,
): string | undefined {
  const file = named ?? environment.configFile;
  if (file !== undefined) return file;
  return existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined;
}

/** Loads the plug-ins it names, too. Rejects with `ConfigError`, one line per fault. */
export function loadConfig(file: string, environment: Environment): Promise<Config> {
  return readConfig(file, environment, () => []);
}

/** As `loadConfig`, and names what is wrong with sources, which a daemon finds when it opens them. */
export function checkConfig(file: string, environment: Environment): Promise<Config> {
  return readConfig(file, environment, sourceFaults);
}

async function readConfig(
  file: string,
  environment: Environment,
  more: typeof sourceFaults,
): Promise<Config> {
  const document = readDocument(readConfigText(file));
  const { kinds, faults } = await pluggedIn(document, dirname(resolve(file)));
  refuse(file, faults); // without them nobody knows what else is wrong
  const config = validate(file, document, configSchemaWith(kinds));
  refuse(file, [
    ...fileFaults(config, document, environment),
    ...(await learnOptionFaults(config, document, kinds.plugins)),
    ...more(config, document, kinds),
  ]);
  return complete(config, environment, kinds);
}

/** Where the state is by this configuration; of all else in it nothing is looked at, and no plug-in is loaded. */
export function stateIn(file: string, environment: Environment): string {
  const state = partIn(file, 'state', z.string().optional());
  return state ?? stateFolder(environment);
}

/** One option of a configuration, as `stateIn`. Throws `ConfigError`. */
export function partIn<Part>(file: string, key: string, schema: ZodType<Part>): Part {
  const document = readDocument(readConfigText(file));
  refuse(file, document.faults);
  const whole = z.looseObject({ [key]: schema });
  const { data, error } = whole.safeParse(document.data ?? {});
  refuse(file, error ? faultsOf(error, document, jsonSchemaOf(whole)) : []);
  return data?.[key] as Part; // what the schema gave
}

/** The configuration in `text`, checked against the schema but not against the disk. */
export function parseConfig(text: string, name: string, schema: ZodType<ConfigFile>): ConfigFile {
  return validate(name, readDocument(text), schema);
}

/** Fills in what depends on the surroundings. */
export function complete(
  config: ConfigFile,
  environment: Environment,
  kinds: Kinds = builtInKinds,
): Config {
  const { node = nodeName(), state = stateFolder(environment) } = config;
  return { ...withSecretFiles(config, environment), node, state, kinds };
}

/** Where the state is when the configuration does not say. */
export function stateFolder({ stateDirectory }: Environment): string {
  return stateDirectory ?? '.sentigon';
}

/** The host name without what a topic may not hold. */
function nodeName(): string {
  return hostname().replaceAll(/[^\w-]/g, '-');
}

function readConfigText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readWhole(file, MOST_CONFIG_BYTES);
  } catch (cause) {
    const what = existsSync(file)
      ? 'name a configuration that the user who runs this may read'
      : `write one with 'sentigon config example > ${file}'`;
    throw new ConfigError(`${file}: ${whyUnread(cause)}: ${what}`, { cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError(`${file}: found bytes that are no UTF-8, expected a text`, { cause });
  }
}

function validate(name: string, document: ConfigDocument, schema: ZodType<ConfigFile>): ConfigFile {
  refuse(name, document.faults);
  if (document.data === null || document.data === undefined) {
    throw new ConfigError(
      `${name}: found an empty file, expected streams: print a start with 'sentigon config example'`,
    );
  }
  const result = schema.safeParse(document.data);
  const faults = result.success ? [] : faultsOf(result.error, document, jsonSchemaOf(schema));
  refuse(name, [...faults, ...twins(document, 'streams'), ...twins(document, 'sinks')]);
  if (!result.success) throw new RangeError('a schema refused the configuration without a fault');
  return result.data;
}

function refuse(name: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const inOrder = [...faults].sort((a, b) => a.line - b.line || a.column - b.column);
  throw new ConfigError(inOrder.map((fault) => faultLine(name, fault)).join('\n'));
}

/** Streams and sinks are known by name. Read from the raw data, so that it is told together with all other faults. */
function twins(document: ConfigDocument, list: 'streams' | 'sinks'): Fault[] {
  const entries = (document.data as Partial<Record<string, unknown>>)[list];
  if (!Array.isArray(entries)) return [];
  const names = entries.map((entry: { id?: unknown; kind?: unknown } | null) =>
    String(entry?.id ?? entry?.kind),
  );
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    const message = `found the id of ${list}[${first}] again, expected an id of its own`;
    return first < index ? [document.at([list, index, 'id'], message)] : [];
  });
}
