// Where the service keeps its files, for commands that a user runs.
import { existsSync } from 'node:fs';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { configFile, stateFolder, stateIn } from '../config/part.ts';

export const SERVICE_CONFIG = '/etc/sentigon/config.yaml';

/** The configuration to look at: what `sentigon run` would take here, else the service's. */
export function configAtHand(
  named: string | undefined,
  environment: Environment,
): string | undefined {
  const file = configFile(named, environment);
  return file ?? (existsSync(SERVICE_CONFIG) ? SERVICE_CONFIG : undefined);
}

/** The surroundings that the service with this configuration has. */
export function surroundingsOf(file: string | undefined, environment: Environment): Environment {
  const name = nameOf(file);
  if (name === undefined || environment.stateDirectory !== undefined) return environment;
  const folder = name === 'config' ? 'sentigon' : `sentigon-${name}`;
  return { ...environment, stateDirectory: `/var/lib/${folder}` };
}

/** The unit that runs this configuration. */
export function unitOf(file: string | undefined): string {
  const name = nameOf(file) ?? 'config';
  return name === 'config' ? 'sentigon.service' : `sentigon@${name}.service`;
}

/** The configuration that a unit reads. */
export function configOfUnit(unit: string): string {
  const [, instance] = /^sentigon@(.+)\.service$/.exec(unit) ?? [];
  return instance === undefined ? SERVICE_CONFIG : `/etc/sentigon/${instance}.yaml`;
}

/** `config`, or that of an instance; undefined for a file that is none of the service's. */
function nameOf(file = ''): string | undefined {
  return /^\/etc\/sentigon\/([\w-]+)\.yaml$/.exec(file)?.[1];
}

export interface StateOptions {
  readonly config?: string;
  readonly state?: string;
}

/** For the option --config of a command that is about a state folder. */
export const WHOSE_STATE =
  "configuration that names the state; default: that of 'sentigon run', then the service's";

/** The state folder that was named, else that of the configuration which `configAtHand` finds. */
export function stateAtHand({ config, state }: StateOptions): string {
  if (state !== undefined) return state;
  const environment = readEnvironment();
  const file = configAtHand(config, environment);
  const surroundings = surroundingsOf(file, environment);
  if (file === undefined) return stateFolder(surroundings);
  return stateIn(file, surroundings);
}
