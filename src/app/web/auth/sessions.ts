// Sessions of logged-in users. They are only in memory: a restart ends all of them.
import { createHash, randomBytes } from 'node:crypto';

export interface Session {
  /** What a request has to carry beside the cookie, so that no other page can make it. */
  readonly requestToken: string;
  /** Whether it may change something. */
  readonly mayAct: boolean;
  /** Whether it has neither expired nor been ended. */
  isOpen(): boolean;
}

export interface Sessions {
  /** The token is for the cookie alone. */
  begin(mayAct: boolean): { readonly token: string; readonly session: Session };
  /** undefined when it was never given out, has expired or was ended. */
  find(token: string): Session | undefined;
  end(token: string): void;
  endAll(): void;
}

/** Most sessions at a time. */
const MOST_SESSIONS = 50;
const TOKEN_BYTES = 32;

export function createSessions(lifeMs: number, now: () => number): Sessions {
  // keyed by hash, so that the time of a look-up reveals nothing about tokens
  const sessions = new Map<string, Session>();
  const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64');
  const forgetExpired = (): void => {
    for (const [key, session] of sessions) if (!session.isOpen()) sessions.delete(key);
  };
  return {
    begin(mayAct) {
      forgetExpired();
      const [oldest] = sessions.keys();
      if (oldest !== undefined && sessions.size >= MOST_SESSIONS) sessions.delete(oldest);
      const token = randomToken();
      const key = keyOf(token);
      const expiresMs = now() + lifeMs;
      const session = {
        requestToken: randomToken(),
        mayAct,
        isOpen: () => sessions.has(key) && expiresMs > now(),
      };
      sessions.set(key, session);
      return { token, session };
    },
    find(token) {
      const session = sessions.get(keyOf(token));
      return session?.isOpen() ? session : undefined;
    },
    end: (token) => void sessions.delete(keyOf(token)),
    endAll: () => sessions.clear(),
  };
}

function randomToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}
