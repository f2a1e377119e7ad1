// The password of the page: the owner's file, or one that was made on this device.
import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from '../../../core/errors.ts';
import { readSecret, whyUnread } from '../../../io/files/whole-file.ts';
import { LEAST_CHARACTERS } from '../../config/web-options.ts';

export interface Password {
  readonly path: string;
  /** What the file holds now. Throws `ConfigError` when it cannot be read any more. */
  text(): string;
  /** Takes the same time for any attempt. Throws `ConfigError` when the file cannot be read any more. */
  judge(attempt: string): Judgement;
}

export interface Judgement {
  readonly right: boolean;
  /** The file holds another password than at the judgement before. */
  readonly changed: boolean;
}

/** Name of the file in the state folder. */
export const PASSWORD_FILE = 'web-password';

/** Throws `ConfigError` when there is no password, or one that is too short. */
export function openPassword(named: string | undefined, state: string): Password {
  const path = resolve(named ?? madeIn(state));
  const key = randomBytes(32);
  // digests of one length, which may be compared in one time
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  let known = digest(read(path));
  return {
    path,
    text: () => read(path),
    judge(attempt) {
      const current = digest(read(path));
      const changed = !timingSafeEqual(current, known);
      known = current;
      return { right: timingSafeEqual(digest(attempt), current), changed };
    },
  };
}

function read(path: string): string {
  const text = readOrRefuse(path);
  if (text.length >= LEAST_CHARACTERS) return text;
  throw new ConfigError(
    `password file ${path} holds ${text.length} characters, expected ${LEAST_CHARACTERS} or more: write a longer password into it`,
    { code: 'SEN_CFG_PASSWORD' },
  );
}

function readOrRefuse(path: string): string {
  try {
    return readSecret(path);
  } catch (cause) {
    throw new ConfigError(
      `password file ${path} ${whyUnread(cause)}: name a file with the password, which the daemon's user may read`,
      { code: 'SEN_CFG_PASSWORD', cause },
    );
  }
}

function madeIn(state: string): string {
  const path = join(state, PASSWORD_FILE);
  if (existsSync(path)) return path;
  const fresh = `${path}.tmp`;
  try {
    writeFileSync(fresh, `${newPassword()}\n`, { mode: 0o600, flush: true });
    renameSync(fresh, path); // a power cut leaves a whole password or none
  } catch (cause) {
    throw new ConfigError(
      `password file ${path} cannot be created (${(cause as Error).message}): free disk space, or name another file in web.passwordFile`,
      { code: 'SEN_CFG_PASSWORD', cause },
    );
  }
  return path;
}

/** Without letters and digits that are taken for others. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 5;
const GROUP_LENGTH = 4;

/** 99 bits, in groups that can be typed from a screen. */
function newPassword(): string {
  const letter = (): string => ALPHABET.charAt(randomInt(ALPHABET.length));
  const group = (): string => Array.from({ length: GROUP_LENGTH }, letter).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
