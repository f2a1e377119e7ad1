import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Session } from './auth/sessions.ts';
import type { Place } from './http/requests.ts';

/** One request of somebody who is logged in. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly place: Place;
  readonly session: Session;
  /** Of the cookie. */
  readonly token: string;
}
