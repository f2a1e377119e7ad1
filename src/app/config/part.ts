// Which configuration is read, and a single option of it: for commands that are about a daemon, and need nothing of what it loads.
import { existsSync } from 'node:fs';
import { type ZodType, z } from 'zod';
import { readDocument } from './document.ts';
import type { Environment } from './environment.ts';
import { faultsOf } from './faults.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { readYamlText, refuse } from './yaml-file.ts';

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

/** Throws `ConfigError` for a file that cannot be read. */
export function readConfigText(file: string): string {
  return readYamlText(file, `write one with 'sentigon config example > ${file}'`);
}

/** The state folder of this configuration. Reads nothing else of it, and loads no plug-in. */
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

/** Where the state is when the configuration does not say. */
export function stateFolder({ stateDirectory }: Environment): string {
  return stateDirectory ?? '.sentigon';
}
