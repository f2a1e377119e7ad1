// How many requests are answered: a device that asks without end must cost neither memory nor the log.

/** More than people, dashboards and scripts ask for. */
export const MOST_REQUESTS = 50;

const HELD_MS = 1000;

export interface RateLimit {
  /** Starts `answer`, unless as many requests as may be were taken within the last second or are still answered. */
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
