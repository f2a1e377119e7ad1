// A machine of sixteen channels that a model learns in half an hour, with a fault in each hour.
import type { Random } from '../../src/engine/random.ts';

export const CHANNELS = Array.from({ length: 16 }, (_, c) => `channel-${c}`);

const HOUR_ROWS = 3600;
const FAULT = { from: 1800, rows: 60, height: 15 };

/** One row a second, as JSON with its time. */
export function lineAt(timeMs: number, random: Random): string {
  const row = Math.round(timeMs / 1000);
  const load = Math.sin((2 * Math.PI * row) / 600);
  const values = Object.fromEntries(
    CHANNELS.map((channel, c) => {
      const own = Math.sin((2 * Math.PI * row) / (100 + 20 * c));
      const value = 10 * c + 3 * load + own + 0.2 * random.normal() + faultAt(row, c);
      return [channel, Number(value.toFixed(3))];
    }),
  );
  return JSON.stringify({ time: timeMs, values });
}

function faultAt(row: number, channel: number): number {
  const within = (row % HOUR_ROWS) - FAULT.from;
  const faulty = Math.floor(row / HOUR_ROWS) % CHANNELS.length === channel;
  return faulty && within >= 0 && within < FAULT.rows ? FAULT.height : 0;
}
