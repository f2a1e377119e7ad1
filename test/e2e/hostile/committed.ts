// What the history of an attacked daemon has committed, over all looks at it: nothing of that may go, and all must arrive.
import { copyFileSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { vi } from 'vitest';
import { peek } from '../../io/store/open-store.ts';
import { type AlertState, type Comparison, committedIn, compare } from '../endurance/ledger.ts';

/** A broker acknowledges before its subscribers have read. */
const LATE_MS = 10_000;

export interface Look {
  readonly committed: readonly AlertState[];
  /** Names that an earlier look has found and this one has not. */
  readonly gone: readonly string[];
}

export class Committed {
  readonly #history: string;
  /** Where copies of it may lie. */
  readonly #folder: string;
  /** By name. */
  readonly #seen = new Map<string, AlertState>();
  readonly #mustStay = new Set<string>();
  #isDestroyed = false;

  constructor(history: string, folder: string) {
    this.#history = history;
    this.#folder = folder;
  }

  get count(): number {
    return this.#seen.size;
  }

  /** `running`: whether a daemon has it open. */
  look(running: boolean): Look {
    const committed = this.#read(running);
    const names = new Set(committed.map(({ name }) => name));
    const gone = [...this.#mustStay].filter((name) => !names.has(name));
    for (const name of gone) this.#mustStay.delete(name); // told once
    for (const state of committed) {
      this.#seen.set(state.name, state);
      this.#mustStay.add(state.name);
    }
    return { committed, gone };
  }

  /** From here on it need not hold what it held: the attack itself has destroyed it. */
  destroyed(): void {
    this.#mustStay.clear();
    this.#isDestroyed = true;
  }

  /** Entries of the outbox that can be sent and that fulfil an SQL condition; none where there is no history. */
  waiting(condition: string): number {
    const sql = `SELECT count(*) AS n FROM outbox WHERE set_aside IS NULL AND ${condition}`;
    try {
      return peek<{ n: number }>(this.#history, sql)[0]?.n ?? 0;
    } catch {
      return 0;
    }
  }

  /** Order is that of the states of one alert. Of the alert with the id `either` it does not matter whether it arrives. */
  async compare(heard: readonly AlertState[], either: string | undefined): Promise<Comparison> {
    const counted = (states: Iterable<AlertState>): AlertState[] =>
      [...states].map(byId).filter(({ stream }) => stream !== either);
    const committed = counted(this.#seen.values());
    const result = (): Comparison => compare(committed, counted(heard));
    const late = { timeout: LATE_MS };
    await vi.waitUntil(() => result().lost.length === 0, late).catch(() => undefined);
    const compared = result();
    // what was destroyed may have arrived before
    return this.#isDestroyed ? { ...compared, unknown: [] } : compared;
  }

  #read(running: boolean): readonly AlertState[] {
    if (!existsSync(this.#history)) return [];
    if (running) return committedIn(this.#history);
    // from a copy: whoever opens what a killed daemon has left completes it, before the next daemon can
    const state = dirname(this.#history);
    const name = basename(this.#history);
    const copy = mkdtempSync(join(this.#folder, 'copy-'));
    for (const file of readdirSync(state).filter((entry) => entry.startsWith(name))) {
      copyFileSync(join(state, file), join(copy, file));
    }
    try {
      return committedIn(join(copy, name));
    } catch (error) {
      if ((error as Error).message.includes('no such table')) return []; // killed before there was one
      throw error;
    }
  }
}

function byId({ name }: AlertState): AlertState {
  return { stream: name.split(' ')[0] ?? '', name };
}
