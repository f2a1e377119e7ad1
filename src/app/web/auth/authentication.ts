// Login: checks the password, with a limit of tries, and opens a session.
import { ConfigError } from '../../../core/errors.ts';
import type { WebOptions } from '../../config/web-options.ts';
import type { Log } from '../../log.ts';
import { createLoginThrottle } from './login-throttle.ts';
import { type Judgement, openPassword, type Password } from './password.ts';
import { createSessions, type Session } from './sessions.ts';

export type LoginResult =
  | { readonly kind: 'in'; readonly token: string }
  | { readonly kind: 'wrong' }
  /** The password was not checked. */
  | { readonly kind: 'early'; readonly waitS: number };

export interface Authentication {
  readonly passwordPath: string;
  /** Throws `ConfigError` when the password cannot be read any more. */
  enter(attempt: string, address: string): LoginResult;
  sessionOf(token: string | undefined): Session | undefined;
  leave(token: string): void;
}

const HOUR_MS = 3_600_000;
const NEITHER: Judgement = { right: false, changed: false };

/** Throws `ConfigError` when there is no usable password. */
export function openAuthentication(
  { passwordFile, readOnlyPasswordFile, sessionHours }: WebOptions,
  { state, log }: { readonly state: string; readonly log: Log },
): Authentication {
  const monotonicMs = (): number => performance.now();
  const password = openPassword(passwordFile, state);
  const readOnly = readOnlyPasswordFile && openOther(readOnlyPasswordFile, state, password);
  const throttle = createLoginThrottle(monotonicMs);
  const sessions = createSessions(sessionHours * HOUR_MS, monotonicMs);
  return {
    passwordPath: password.path,
    enter(attempt, address) {
      const waitMs = throttle.waitMs(address);
      if (waitMs > 0) return { kind: 'early', waitS: Math.ceil(waitMs / 1000) };
      const full = password.judge(attempt);
      const reading = readOnly ? readOnly.judge(attempt) : NEITHER;
      if (full.changed || reading.changed) sessions.endAll(); // those with the old password must log in again
      if (!full.right && !reading.right) {
        throttle.failed(address);
        log.warn({ address }, 'wrong password for the web page');
        return { kind: 'wrong' };
      }
      throttle.passed(address);
      const mayAct = !reading.right; // where both files hold the same, that is the safe one
      log.info({ address, mayAct }, 'login to the web page');
      return { kind: 'in', token: sessions.begin(mayAct).token };
    },
    sessionOf: (token) => (token === undefined ? undefined : sessions.find(token)),
    leave: sessions.end,
  };
}

/** Throws `ConfigError` when it is the same as the password of those who may act. */
function openOther(path: string, state: string, password: Password): Password {
  const other = openPassword(path, state);
  if (!password.judge(other.text()).right) return other;
  throw new ConfigError(
    `web.readOnlyPasswordFile ${other.path} holds the password of ${password.path}: write another one into it`,
    { code: 'SEN_CFG_PASSWORD' },
  );
}
