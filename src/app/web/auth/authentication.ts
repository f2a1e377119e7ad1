// Login: checks the password, with a limit of tries, and opens a session.
import type { WebOptions } from '../../config/web-options.ts';
import type { Log } from '../../log.ts';
import { createLoginThrottle } from './login-throttle.ts';
import { openPassword } from './password.ts';
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

/** Throws `ConfigError` when there is no usable password. */
export function openAuthentication(
  { passwordFile, sessionHours }: WebOptions,
  { state, log }: { readonly state: string; readonly log: Log },
): Authentication {
  const monotonicMs = (): number => performance.now();
  const password = openPassword(passwordFile, state);
  const throttle = createLoginThrottle(monotonicMs);
  const sessions = createSessions(sessionHours * HOUR_MS, monotonicMs);
  return {
    passwordPath: password.path,
    enter(attempt, address) {
      const waitMs = throttle.waitMs(address);
      if (waitMs > 0) return { kind: 'early', waitS: Math.ceil(waitMs / 1000) };
      const { right, changed } = password.judge(attempt);
      if (changed) sessions.endAll(); // those with the old password must log in again
      if (!right) {
        throttle.failed(address);
        log.warn({ address }, 'wrong password for the web page');
        return { kind: 'wrong' };
      }
      throttle.passed(address);
      log.info({ address }, 'login to the web page');
      return { kind: 'in', token: sessions.begin().token };
    },
    sessionOf: (token) => (token === undefined ? undefined : sessions.find(token)),
    leave: sessions.end,
  };
}
