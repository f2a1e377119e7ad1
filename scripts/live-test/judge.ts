// What became of a live test: which disturbance was caught, how soon, and what rang besides. Pure.
import { matchOpenings } from '../../src/lab/evaluation/openings.ts';
import { markdownTable } from '../markdown-table.ts';

export interface Disturbance {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Opening {
  readonly timeMs: number;
  /** The channel with the greatest share; undefined = the alert blames none. */
  readonly channel: string | undefined;
  /** What the alert says to people when it opens. */
  readonly sentence: string;
}

export interface Watched {
  /** From when until when the daemon watched. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly disturbances: readonly Disturbance[];
  readonly openings: readonly Opening[];
}

export interface Judgement {
  readonly caught: number;
  readonly falseAlarms: number;
  /** Seconds to the alert of each disturbance that was caught. */
  readonly delaysS: readonly number[];
  readonly table: string;
}

const ROW_MS = 1000;

/**
 * By the strict count of `matchOpenings`, a row a second: an alert that is open already catches nothing. Disturbances are at
 * least 15 s apart, so that what one leaves behind is not taken for a false alarm or for the next.
 */
export function judged({ fromMs, toMs, disturbances, openings }: Watched): Judgement {
  const rowOf = (timeMs: number): number => Math.floor((timeMs - fromMs) / ROW_MS);
  const events = disturbances.map(({ startMs, endMs }) => ({
    start: rowOf(startMs),
    end: rowOf(endMs) + 1,
  }));
  const rows = openings.map(({ timeMs }) => rowOf(timeMs));
  const { caught, falseAlarms, delays } = matchOpenings(events, rows);
  const lines = events.map((event, index) => {
    const name = disturbances[index]?.name ?? '';
    const [delayS] = matchOpenings([event], rows).delays;
    if (delayS === undefined) return [name, 'no', '', '', ''];
    const { channel = '', sentence = '' } = openings[rows.indexOf(event.start + delayS)] ?? {};
    return [name, 'yes', String(delayS), channel, sentence];
  });
  const strays = openings.filter((_, index) =>
    Boolean(matchOpenings(events, rows.slice(index, index + 1)).falseAlarms),
  );
  const watchedH = ((toMs - fromMs) / 3_600_000).toFixed(2);
  return {
    caught,
    falseAlarms,
    delaysS: delays,
    table: [
      markdownTable(['disturbance', 'caught', 'after, s', 'blamed first', 'sentence'], lines),
      '',
      `caught ${caught} of ${events.length}; false alarms: ${falseAlarms} in ${watchedH} h`,
      ...strays.map(falseLine),
    ].join('\n'),
  };
}

function falseLine({ timeMs, sentence }: Opening): string {
  return `false alarm at ${new Date(timeMs).toISOString()}: ${sentence}`;
}
