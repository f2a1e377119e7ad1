// The one way to a session: the right password, at most so often.

import type { WebOptions } from '../../config/web-options.ts';
import type { Log } from '../../log.ts';
import { createLoginBrake } from './login-throttle.ts';
import { openPassword } from './password.ts';
import { createSessions, type Session } from './sessions.ts';

export type Entrance =
  | { readonly kind: 'in'; readonly token: string }
  | { readonly kind: 'wrong' }
  /** It was not looked at. */
  | { readonly kind: 'early'; readonly waitS: number };

export interface Gate {
  readonly passwordPath: string;
  /** Throws `ConfigError` when the password cannot be read any more. */
  enter(attempt: string, address: string): Entrance;
  sessionOf(token: string | undefined): Session | undefined;
  leave(token: string): void;
}

const HOUR_MS = 3_600_000;

/** Throws `ConfigError` when there is no usable password. */
export function openGate(
  { passwordFile, sessionHours }: WebOptions,
  { state, log }: { readonly state: string; readonly log: Log },
): Gate {
  const monotonicMs = (): number => performance.now();
  const password = openPassword(passwordFile, state);
  const brake = createLoginBrake(monotonicMs);
  const sessions = createSessions(sessionHours * HOUR_MS, monotonicMs);
  return {
    passwordPath: password.path,
    enter(attempt, address) {
      const waitMs = brake.waitMs(address);
      if (waitMs > 0) return { kind: 'early', waitS: Math.ceil(waitMs / 1000) };
      const { right, changed } = password.judge(attempt);
      if (changed) sessions.endAll(); // whoever knew the old one is out
      if (!right) {
        brake.failed(address);
        log.warn({ address }, 'wrong password for the web page');
        return { kind: 'wrong' };
      }
      brake.passed(address);
      log.info({ address }, 'login to the web page');
      return { kind: 'in', token: sessions.begin().token };
    },
    sessionOf: (token) => (token === undefined ? undefined : sessions.find(token)),
    leave: sessions.end,
  };
}
