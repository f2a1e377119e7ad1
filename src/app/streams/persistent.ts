// A live source that is not given up: it is opened again when it is lost, and one that stays silent is a problem in health.

import { race } from '../../core/race.ts';
import type { Source } from '../../core/source.ts';
import { createBackOff } from '../../io/timing/back-off.ts';
import { eachSample } from '../compose/each-sample.ts';
import type { Stream } from '../compose/stream.ts';
import { reopening } from './reopening.ts';
import type { Watch } from './watch-context.ts';

/** Pauses between two attempts to open a live source, milliseconds. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** A wait for the next row that is shorter is no problem, milliseconds ... */
const SILENT_MS = 60_000;
/** ... nor is one of so few rows, of the grid or of the source. */
const SILENT_ROWS = 5;
/** Longer ones fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function persistent(
  stream: Stream,
  { dispatcher, log }: Pick<Watch, 'dispatcher' | 'log'>,
): Source {
  const { id: streamId, source } = stream;
  const { problems } = dispatcher.daemonControl;
  const key = `rows:${streamId}`;
  const limitMs = longestWaitMs(stream);
  let lost: string | undefined;
  let silent = false;
  const raise = (): void => {
    silent = true;
    const cause = lost ?? 'its source is open and says nothing: is the device connected and on?';
    problems.raise(key, `stream '${streamId}' has had no row for ${limitMs / 1000} s: ${cause}`);
  };
  const reopened = reopening(source, {
    backOff: createBackOff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS),
    lost({ message }, pauseMs) {
      log.warn({ streamId, pauseMs }, `source lost: ${message}`);
      lost = message;
      if (silent) raise();
    },
  });
  if (limitMs === 0) return reopened;
  return noticing(reopened, limitMs, {
    silent: raise,
    spoke() {
      lost = undefined;
      if (silent) problems.clear(key);
      silent = false;
    },
  });
}

/** 0 = however long it takes, which is what a user said who wants no channel to be missing ever. */
function longestWaitMs({ config, model }: Stream): number {
  const { maxAgeMs, channels } = config.health;
  const ages = [maxAgeMs, ...Object.values(channels).map((limits) => limits.maxAgeMs ?? 0)];
  const longest = Math.max(...ages);
  if (longest === 0) return 0;
  const gridMs = model?.intervalMs ?? config.learn.intervalMs;
  const { intervalMs: ownMs } = config.source; // of sources that poll, whatever grid their rows are for
  const intervalMs = typeof ownMs === 'number' ? Math.max(gridMs, ownMs) : gridMs;
  return Math.min(LONGEST_TIMER_MS, Math.max(SILENT_MS, SILENT_ROWS * intervalMs, longest));
}

interface Listener {
  /** A row has been waited for too long; once for each wait. */
  readonly silent: () => void;
  readonly spoke: () => void;
}

/** The source, while its reader waits for it: what a pipeline takes for a row is not the source's silence. */
export function noticing(source: Source, limitMs: number, { silent, spoke }: Listener): Source {
  return eachSample(source, async function* (signal) {
    const iterator = source.samples(signal)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = iterator.next();
        const inTime = await race(next, { signal, timeoutMs: limitMs });
        if (!inTime && !signal.aborted) silent();
        const result = inTime ?? (await next);
        if (result.done) return;
        spoke();
        yield result.value;
      }
    } finally {
      await iterator.return?.();
    }
  });
}
