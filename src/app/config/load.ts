// From a configuration file to a `Config`: all faults at once, each with its line.
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type ZodType, z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { brokerOptions, riskOf } from '../../io/mqtt/options.ts';
import { builtInKinds, type Kinds, kindsWith } from '../plugins/kinds.ts';
import { loadPlugin, type Plugged } from '../plugins/load-plugins.ts';
import { optionsOf } from './choice.ts';
import { type ConfigDocument, type Fault, readDocument } from './document.ts';
import { portFaults } from './doubts.ts';
import type { Environment } from './environment.ts';
import { faultsOf } from './faults.ts';
import { fileFaults, withSecretFiles } from './file-faults.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { learnOptionFaults } from './learn-options.ts';
import { NEWEST_VERSION } from './migrations.ts';
import { readConfigText, stateFolder } from './part.ts';
import { type Config, type ConfigFile, configSchema, configSchemaWith } from './schema.ts';
import { sourceFaults } from './source-faults.ts';
import { refuse } from './yaml-file.ts';

/** Loads the plug-ins it names, too. Rejects with `ConfigError`, one line per fault. */
export function loadConfig(file: string, environment: Environment): Promise<Config> {
  return readConfig(file, environment);
}

/** As `loadConfig`, and names what is wrong with sources, ports and rows to learn from, which a daemon finds when it uses them. */
export function checkConfig(file: string, environment: Environment): Promise<Config> {
  return readConfig(file, environment, (config, document, kinds) => [
    ...sourceFaults(config, document, kinds),
    ...portFaults(config, document),
  ]);
}

async function readConfig(
  file: string,
  environment: Environment,
  more?: typeof sourceFaults,
): Promise<Config> {
  const document = readDocument(readConfigText(file));
  const { kinds, faults } = await pluggedIn(document, dirname(resolve(file)));
  refuse(file, faults); // without its plug-ins the rest cannot be checked
  const config = validate(file, document, configSchemaWith(kinds));
  refuse(file, [
    ...fileFaults(config, document, environment),
    ...(await learnOptionFaults(config, document, {
      plugins: kinds.plugins,
      thorough: more !== undefined,
    })),
    ...(more?.(config, document, kinds) ?? []),
  ]);
  return complete(config, environment, kinds);
}

/**
 * Throws `ConfigError` for a file that is no configuration: no text, empty, or with keys at its top that no configuration has. One
 * that was written for a later release passes.
 */
export function requireConfiguration(file: string): void {
  const document = readDocument(readConfigText(file));
  refuse(file, document.faults);
  const { version } = z.looseObject({ version: z.unknown() }).safeParse(document.data).data ?? {};
  if (typeof version === 'number' && version > NEWEST_VERSION) return;
  requireContent(file, document);
  const { error } = configSchema.safeParse(document.data);
  const strange = error?.issues.filter(
    ({ code, path }) =>
      path.length === 0 && (code === 'unrecognized_keys' || code === 'invalid_type'),
  );
  refuse(file, faultsOf(new z.ZodError(strange ?? []), document, jsonSchemaOf(configSchema)));
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

/** The host name without what a topic may not hold. */
function nodeName(): string {
  return hostname().replaceAll(/[^\w-]/g, '-');
}

function requireContent(name: string, { data }: ConfigDocument): void {
  if (data !== null && data !== undefined) return;
  throw new ConfigError(
    `${name}: found an empty file, expected streams: print an example with 'sentigon config example'`,
    { code: 'SEN_CFG_EMPTY' },
  );
}

function validate(name: string, document: ConfigDocument, schema: ZodType<ConfigFile>): ConfigFile {
  refuse(name, document.faults);
  requireContent(name, document);
  const result = schema.safeParse(document.data);
  const faults = result.success ? [] : faultsOf(result.error, document, jsonSchemaOf(schema));
  refuse(name, [...faults, ...twins(document, 'streams'), ...twins(document, 'sinks')]);
  if (!result.success) throw new RangeError('a schema refused the configuration without a fault');
  return result.data;
}

/** Streams and sinks are known by name. Read from the raw data, so that it is reported together with all other faults. */
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

interface PluggedIn {
  readonly kinds: Kinds;
  /** Of all plug-ins that cannot be used. */
  readonly faults: readonly Fault[];
}

/** `folder` is that of the configuration. */
async function pluggedIn(document: ConfigDocument, folder: string): Promise<PluggedIn> {
  const faults: Fault[] = [];
  let plugged: readonly Plugged[] = [];
  let kinds = builtInKinds;
  for (const [index, named] of listIn(document).entries()) {
    if (typeof named !== 'string') continue; // the schema reports that
    try {
      const more = [...plugged, await loadPlugin(named, folder)];
      kinds = kindsWith(more); // each beside those that can be used
      plugged = more;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(document.at(['plugins', index], error.message));
    }
  }
  return { kinds, faults };
}

function listIn({ data }: ConfigDocument): readonly unknown[] {
  const { plugins } = (data ?? {}) as { readonly plugins?: unknown };
  return Array.isArray(plugins) ? plugins : [];
}

/** Allowed settings that are a security risk, a line each. */
export function risksOf({ broker, sinks }: Pick<Config, 'broker' | 'sinks'>): readonly string[] {
  // those of a sink were checked by its schema: what does not fit here is the option of another kind
  const own = sinks.map((sink) => {
    const { broker: named } = optionsOf(sink) as { readonly broker?: unknown };
    return brokerOptions.safeParse(named).data;
  });
  return [...new Set([broker, ...own].flatMap((found) => (found && riskOf(found)) ?? []))];
}
