/** Wakes one waiter; a ring that nobody waits for is heard by the next. */
export interface WakeSignal {
  wake(): void;
  /** Resolves at the next ring, or after `atMostMs`. */
  wait(atMostMs?: number): Promise<void>;
}

export function createWakeSignal(): WakeSignal {
  let rung = false;
  let waiting: (() => void) | undefined;
  return {
    wake: (): void => {
      rung = true;
      waiting?.();
    },
    wait: async (atMostMs?: number): Promise<void> => {
      let timer: NodeJS.Timeout | undefined;
      if (!rung) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
          if (atMostMs !== undefined) timer = setTimeout(resolve, atMostMs);
        });
      }
      clearTimeout(timer);
      waiting = undefined;
      rung = false;
    },
  };
}
