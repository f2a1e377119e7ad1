// Limits the rate of answered requests: a client that asks without end must not fill memory or log.

/** More than people, dashboards and scripts send in a second. */
export const MOST_REQUESTS = 50;

const HELD_MS = 1000;

export interface RateLimit {
  /** Starts `answer` and returns true, unless the limit is reached by requests of the last second or still in progress. */
  admit(answer: () => Promise<void>): boolean;
}

export function createRateLimit(most = MOST_REQUESTS, heldMs = HELD_MS): RateLimit {
  let taken = 0;
  return {
    admit(answer) {
      if (taken >= most) return false;
      taken += 1;
      const second = new Promise<void>((resolve) => void setTimeout(resolve, heldMs).unref());
      void Promise.all([answer(), second]).then(() => {
        taken -= 1;
      });
      return true;
    },
  };
}
