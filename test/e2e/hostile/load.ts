// What a daemon under attack watches meanwhile: spikes, each an alert of four states, until calm is asked for.
import { connectAsync } from 'mqtt';
import { onTestFinished } from 'vitest';
import { createRandom } from '../../../src/engine/random.ts';
import { START_MS } from '../../app/recording.ts';
import { ROW_MS, type Spikes, speakSpikes, spikeAt, spokenLine } from '../endurance/spikes.ts';
import type { Running } from '../sentigon.ts';

/** Four states twice a second. */
const SPIKES: Spikes = { period: 10, length: 4 };

export interface Load {
  /** From now on every row is at rest: no alert opens, and no stream is silent. */
  calm(): void;
  stop(): void;
}

/** Writes rows to standard input as they fall due. `lineOf` writes one; default: with its time. */
export function speak(run: Pick<Running, 'child'>, lineOf = spokenLine): Load {
  let resting = false;
  const stop = speakSpikes(run, SPIKES, (timeMs, value) => lineOf(timeMs, resting ? 0 : value));
  onTestFinished(stop);
  return {
    calm: () => {
      resting = true;
    },
    stop,
  };
}

/** A line that leaves the time to the clock of the daemon. */
export function untimedLine(_: number, value: number): string {
  return JSON.stringify({ a: value });
}

/** Publishes rows as they fall due, also to a broker that comes back. */
export async function publish(url: string, topic: string): Promise<Load> {
  const client = await connectAsync(url, { reconnectPeriod: 100 });
  client.on('error', () => undefined);
  let resting = false;
  const timer = setInterval(() => {
    const row = Math.floor(Date.now() / ROW_MS);
    if (client.connected) client.publish(topic, String(resting ? 0 : spikeAt(row, SPIKES)));
  }, ROW_MS);
  const stop = (): void => {
    clearInterval(timer);
    client.end(true);
  };
  onTestFinished(stop);
  return {
    calm: () => {
      resting = true;
    },
    stop,
  };
}

/** Part `part` of a recording without end, as a CSV file: `seconds` of spikes, then as many as `calmSeconds` at rest. */
export function recording(seconds: number, { calmSeconds = 0, part = 0 } = {}): string {
  const spiking = (seconds * 1000) / ROW_MS;
  const rows = ((seconds + calmSeconds) * 1000) / ROW_MS;
  const startMs = START_MS + part * rows * ROW_MS;
  const lines = Array.from(
    { length: rows },
    (_, row) => `${startMs + row * ROW_MS},${row < spiking ? spikeAt(row, SPIKES) : 0}`,
  );
  return `time,a\n${lines.join('\n')}\n`;
}

/** Sources of the three streams that most attacks watch; a recording is in `recorded.csv`. */
export const SOURCES = {
  recorded: '{kind: csv, path: recorded.csv, speed: 1}',
  published: `{kind: mqtt, intervalMs: ${ROW_MS}, channels: [{name: a, topic: well/level}]}`,
  spoken: '{kind: stdin, channels: [a]}',
} as const;

export const TOPIC = 'well/level';

export const LEARN_ROWS = 120;
export const HOUR_ROWS = 3600;
const LEARNT_ROW_MS = 1000;

/** A stream that learns by itself, so that its rows are kept: those of one hour, in blocks of ten minutes. */
export const LEARNT = `  - id: learnt
    source: {kind: stdin, channels: [a]}
    learn: {rows: ${LEARN_ROWS}, detector: robust-z, intervalMs: ${LEARNT_ROW_MS}}
    threshold: {kind: fixed, level: 1000}
    retrain: {keepHours: 1}
    health: {maxAgeMs: 0, stuckAfterMs: 0}`;

/** Writes rows of the past day to standard input, as fast as they are taken. */
export function pastRows({ child }: Pick<Running, 'child'>) {
  const random = createRandom(4);
  let timeMs = Date.now() - 24 * HOUR_ROWS * LEARNT_ROW_MS;
  return {
    async tell(rows: number): Promise<void> {
      for (let row = 0; row < rows; row += 1) {
        timeMs += LEARNT_ROW_MS;
        const taken = child.stdin?.write(`${spokenLine(timeMs, random.normal())}\n`);
        if (!taken) await new Promise((resolve) => child.stdin?.once('drain', resolve));
      }
    },
  };
}
