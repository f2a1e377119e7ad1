// Checks the times of scores. Scores with future times are kept separate, since either this clock or that of the source is
// wrong; scores with times that no Date can hold are not stored.
import type { ScoreReport } from '../../core/sink.ts';
import { LAST_DATE_MS } from '../../core/time-units.ts';
import type { Statements } from './statements.ts';
import type { StoreEvents } from './store-options.ts';

const DAY_MS = 86_400_000;

/** A time that is later than now by no more is not in the future: local time that is read as UTC is up to 14 h ahead. */
const AHEAD_MS = DAY_MS;
/** A problem is over when no such score has come for so long. */
const OVER_AFTER_MS = DAY_MS;

interface Sighting {
  /** When the newest came, on the monotonic clock. */
  readonly atMs: number;
  /** Whether such scores were written. */
  readonly written: boolean;
}

export class ScoreTimes {
  readonly #events: Pick<StoreEvents, 'onProblem' | 'now' | 'monotonicMs'>;
  readonly #sightings = new Map<string, Sighting>();
  /** Time of the newest score of a stream, if it is in the future. */
  readonly #newest = new Map<string, number>();

  constructor(events: Pick<StoreEvents, 'onProblem' | 'now' | 'monotonicMs'>) {
    this.#events = events;
  }

  /** Later times are in the future, Unix milliseconds. */
  presentMs(): number {
    return this.#events.now() + AHEAD_MS;
  }

  /** Whether the history can hold the score. */
  take({ streamId, timeMs }: Pick<ScoreReport, 'streamId' | 'timeMs'>): boolean {
    const possible = Math.abs(timeMs) <= LAST_DATE_MS; // false for NaN; readers of the history make dates of its times
    if (!possible || timeMs > this.presentMs()) this.#note(streamId, timeMs, possible);
    return possible;
  }

  /** To be called when all scores are written. */
  look({ streams, newestScore }: Statements): void {
    const presentMs = this.presentMs();
    for (const { id, name } of streams.all()) {
      const newestMs = newestScore.get(id, Number.POSITIVE_INFINITY);
      if (typeof newestMs === 'number' && newestMs > presentMs) this.#find(name, newestMs);
      else this.#findNone(name);
    }
    const overMs = this.#events.monotonicMs() - OVER_AFTER_MS;
    for (const [name, { atMs }] of [...this.#sightings]) if (atMs < overMs) this.#end(name);
  }

  /** Whether no score with such a time has come for a while. */
  isQuiet(streamId: string): boolean {
    return !this.#sightings.has(streamId);
  }

  /** An earlier daemon wrote it, or the clock was set back since; or `take` has noted it already. */
  #find(streamId: string, timeMs: number): void {
    if (this.#newest.get(streamId) === timeMs) return;
    this.#newest.set(streamId, timeMs);
    this.#note(streamId, timeMs, true);
  }

  /** If there were future times before, the clock has been set. */
  #findNone(streamId: string): void {
    this.#newest.delete(streamId);
    if (this.#sightings.get(streamId)?.written) this.#end(streamId);
  }

  #note(streamId: string, timeMs: number, written: boolean): void {
    if (!this.#sightings.has(streamId)) {
      this.#events.onProblem(keyOf(streamId), this.#message(streamId, timeMs, written));
    }
    this.#sightings.set(streamId, { atMs: this.#events.monotonicMs(), written });
  }

  #message(streamId: string, timeMs: number, written: boolean): string {
    const stream = `stream '${streamId}' has scores of`;
    if (!written) {
      return `${stream} times that no date can have (${timeMs} ms): correct the times of the source; such scores are not kept`;
    }
    const [found, here] = [timeMs, this.#events.now()].map((ms) => new Date(ms).toISOString());
    return `${stream} ${found}, which is in the future (here it is ${here}): correct this clock, or the times of the source; they are kept apart from the others`;
  }

  #end(streamId: string): void {
    this.#sightings.delete(streamId);
    this.#events.onProblem(keyOf(streamId), undefined);
  }
}

function keyOf(streamId: string): string {
  return `score-times:${streamId}`;
}
