// Browsers that listen to server-sent events: so many, and each only as long as it keeps up and may.
import type { ServerResponse } from 'node:http';
import { beginEvents } from '../http/answers.ts';

export interface Listeners {
  /** false = there are too many already. `allowed` is asked before each event. */
  add(response: ServerResponse, allowed: () => boolean): boolean;
  readonly count: number;
  /** To one of them, or to all. */
  tell(event: string, data: unknown, only?: ServerResponse): void;
}

const MOST_LISTENERS = 16;
/** Of events that a browser has not taken; one that sleeps comes again when it wakes up, and is told all anew. */
const MOST_BYTES = 1 << 20;

export function createListeners(): Listeners {
  const listeners = new Map<ServerResponse, () => boolean>();
  const write = (response: ServerResponse, text: string): void => {
    const allowed = listeners.get(response);
    if (!allowed) return;
    if (allowed() && response.writableLength < MOST_BYTES) response.write(text);
    else response.destroy();
  };
  return {
    add(response, allowed) {
      if (listeners.size >= MOST_LISTENERS) return false;
      listeners.set(response, allowed);
      response.once('close', () => listeners.delete(response));
      response.on('error', () => undefined); // a browser that goes away is its own affair
      beginEvents(response);
      return true;
    },
    get count() {
      return listeners.size;
    },
    tell(event, data, only) {
      if (listeners.size === 0) return;
      const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      for (const response of only ? [only] : listeners.keys()) write(response, text);
    },
  };
}
