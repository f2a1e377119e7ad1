// Puts the configuration and its secret on the disk.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { parseConfig } from '../config/load.ts';
import { configSchema } from '../config/schema.ts';
import type { Answers } from './answers.ts';
import { configText } from './config-text.ts';
import { hostChannels } from './proposed-limits.ts';

export interface Target {
  readonly file: string;
  readonly force: boolean;
  /** Folder of systemd's credentials when the configuration is for the service: its user reads no other secret. */
  readonly credentialStore: string | undefined;
}

/** For everybody on the machine to read: the service has a user of its own. */
const CONFIG_MODE = 0o644;
const SECRET_MODE = 0o600;

/** Returns the files it wrote. Throws `ConfigError` when one is there already, or the answers make no configuration. */
export function writeStart(answers: Answers, { file, force, credentialStore }: Target): string[] {
  refuseToOverwrite(file, force);
  const password = answers.broker?.password;
  const secret = secretFor(file, credentialStore);
  const named = credentialStore === undefined ? secret : basename(secret);
  const channels = answers.source.kind === 'host' ? hostChannels() : [];
  const text = configText(answers, password === undefined ? undefined : named, channels);
  parseConfig(text, file, configSchema);
  if (password !== undefined) {
    refuseToOverwrite(secret, force);
    write(secret, `${password}\n`, SECRET_MODE);
  }
  write(file, text, CONFIG_MODE);
  return password === undefined ? [file] : [file, secret];
}

/** Throws `ConfigError`. */
export function refuseToOverwrite(file: string, force: boolean): void {
  if (force || !existsSync(file)) return;
  throw new ConfigError(`${file} already exists: name another file, or replace it with --force`, {
    code: 'SEN_CFG_OUTPUT_EXISTS',
  });
}

function secretFor(file: string, credentialStore: string | undefined): string {
  if (credentialStore !== undefined) return join(credentialStore, 'sentigon.mqtt');
  return join(dirname(file), 'mqtt.password');
}

function write(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}
