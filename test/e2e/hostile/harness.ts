// What all attacks on a daemon have in common: how it is started and stopped, and how an attack ends: what the history has
// committed has arrived, in order for each alert, the daemon stopped within five seconds, and its health said what was wrong.
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { addFigures } from '../../../scripts/hostile-figures.ts';
import { memoryOf } from '../../../scripts/process-figures.ts';
import { HISTORY_FILE } from '../../../src/app/state/state-files.ts';
import { askDaemon, CONTROL_SOCKET } from '../../../src/io/local/control-socket.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import type { AlertState, Comparison } from '../endurance/ledger.ts';
import { type Place, type Running, startSentigon } from '../sentigon.ts';
import { Committed } from './committed.ts';
import { missing, type Tool } from './tools.ts';

/** What a stop may take: five seconds, and one for a machine that does other things as well. */
const STOP_S = 6;
/** A process that still lives then is killed. */
const HANG_MS = 15_000;
/** Done, or ended by force in time: 128 + SIGTERM. */
const STOP_CODES = [0, 143];
/** What may go by until all has arrived once nothing is wrong any more; the daemon tries again each minute, or sooner. */
const SETTLE_MS = 90_000;
const MEMORY_EVERY_MS = 250;

/** What `health_check` answers, as far as attacks look at it. */
export interface HealthAnswer {
  readonly healthy: boolean;
  readonly problems: readonly string[];
}

export interface Ending {
  /** What a subscriber received, in order. */
  readonly heard: readonly AlertState[];
  /** Whether the daemon is well in the end; a pattern is what its problems must mention instead. Default: true. */
  readonly health?: true | RegExp | 'any';
  readonly settleMs?: number;
  /** Id of an alert of which it does not matter whether it arrives. */
  readonly either?: string;
}

/**
 * A test that attacks a daemon; it is skipped where a tool is missing. All faults found are reported together, and go to the
 * file that the variable HOSTILE_FIGURES names.
 */
export function attack(
  title: string,
  needs: readonly Tool[],
  run: (scene: Scene) => Promise<void>,
): void {
  it.skipIf(missing(needs).length > 0)(title, async () => {
    const scene = new Scene(title);
    try {
      await run(scene);
    } catch (error) {
      scene.check(false, `the attack could not be finished: ${(error as Error).message}`);
      throw error;
    } finally {
      scene.report();
    }
    expect(scene.faults).toEqual([]);
  });
}

/** One attack: its folder, its daemons, and what was found. */
export class Scene {
  readonly folder = tempFolder();
  readonly state = join(this.folder, 'state');
  readonly history = join(this.state, HISTORY_FILE);
  readonly faults: string[] = [];
  readonly #title: string;
  readonly #startMs = performance.now();
  readonly #committed = new Committed(this.history, this.folder);
  #note: string | undefined;
  #longestStopS = 0;
  #peakMb = 0;
  #compared: Comparison | undefined;

  constructor(title: string) {
    this.#title = title;
  }

  /** Does not throw when a claim is false, so that one run lists everything that is wrong. */
  check(holds: boolean, fault: string): void {
    if (!holds) this.faults.push(fault);
  }

  /** Resolves when `holds` does, or notes the fault when the time is over; returns which. */
  async checkWithin(timeoutMs: number, fault: string, holds: () => unknown): Promise<boolean> {
    const held = await vi
      .waitFor(
        async () => {
          if (!(await holds())) throw new Error(fault);
          return true;
        },
        { timeout: timeoutMs, interval: 100 },
      )
      .catch(() => false);
    this.check(held, `${fault} (within ${timeoutMs / 1000} s)`);
    return held;
  }

  /** For the table of all attacks. */
  note(text: string): void {
    this.#note = text;
  }

  /** Runs until the test ends at the latest, and hears on standard input. */
  start(place: Place = {}): Running {
    const run = startSentigon(['run'], { cwd: this.folder, listens: true, ...place });
    const timer = setInterval(() => this.#lookAtMemory(run), MEMORY_EVERY_MS);
    run.child.once('exit', () => clearInterval(timer));
    onTestFinished(() => clearInterval(timer));
    return run;
  }

  isAlive({ child }: Running): boolean {
    return child.exitCode === null && child.signalCode === null;
  }

  /** What the history holds; notes what it held at an earlier look and has lost. `running`: whether a daemon has it open. */
  look(running: boolean): readonly AlertState[] {
    const { committed, gone } = this.#committed.look(running);
    this.check(gone.length === 0, `${gone.length} alert states are gone from the history`);
    return committed;
  }

  /** From here on the history need not hold what it held: the attack itself has destroyed it. */
  destroyed(): void {
    this.#committed.destroyed();
  }

  /** Alert states that wait for the broker. */
  waiting(): number {
    return this.#committed.waiting("sink = 'mqtt'");
  }

  async health(): Promise<HealthAnswer> {
    const socket = join(this.state, CONTROL_SOCKET);
    const reply = await askDaemon(socket, { verb: 'health_check' }, 5000);
    if (reply.status === 'error') throw new Error(reply.error);
    return reply.data as HealthAnswer;
  }

  async kill(run: Running): Promise<void> {
    this.check(this.isAlive(run), `the daemon ended by itself: ${lastWords(run)}`);
    this.#lookAtMemory(run);
    run.child.kill('SIGKILL');
    await run.ended;
  }

  /** SIGTERM; notes a stop that takes too long, ends with a fault, or says something else than is true of what is unsent. */
  async stop(run: Running, what = ''): Promise<void> {
    const { child } = run;
    this.check(this.isAlive(run), `${what}the daemon ended by itself: ${lastWords(run)}`);
    if (!this.isAlive(run)) return;
    this.#lookAtMemory(run);
    const startMs = performance.now();
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const timer = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
    child.kill('SIGTERM');
    const code = await exited;
    clearTimeout(timer);
    const stopS = (performance.now() - startMs) / 1000;
    this.#longestStopS = Math.max(this.#longestStopS, stopS);
    if (code === null) {
      this.check(false, `${what}it lives on ${HANG_MS / 1000} s after SIGTERM: ${lastWords(run)}`);
      return;
    }
    this.check(stopS < STOP_S, `${what}the stop took ${stopS.toFixed(1)} s`);
    this.check(STOP_CODES.includes(code), `${what}it ended with code ${code}: ${lastWords(run)}`);
    const said = /"unsent":(\d+)[^\n]*"msg":"(?:stopped|ended by force)/.exec(run.stdout())?.[1];
    const left = this.#committed.waiting('true');
    this.check(
      Number(said) === left,
      `${what}the log says ${said ?? 'nothing of'} unsent states, ${left} are in the outbox`,
    );
  }

  /** The common ending; the daemon runs, and nothing is wrong any more with what surrounds it. */
  async end(run: Running, ending: Ending): Promise<void> {
    const { heard, health = true, settleMs = SETTLE_MS, either } = ending;
    const left = 'alert states still wait for the broker';
    await this.checkWithin(settleMs, left, () => !this.isAlive(run) || this.waiting() === 0);
    if (this.isAlive(run)) await this.#checkHealth(health);
    await this.stop(run);
    this.look(false);
    this.#compared = await this.#committed.compare(heard, either);
    const { committed, lost, unknown, outOfOrder } = this.#compared;
    this.check(committed > 0, 'nothing was committed');
    this.check(lost.length === 0, `${lost.length} of ${committed} were lost: ${some(lost)}`);
    this.check(unknown.length === 0, `${unknown.length} were never committed: ${some(unknown)}`);
    this.check(outOfOrder.length === 0, `out of order: ${some(outOfOrder)}`);
  }

  report(): void {
    const { committed, delivered, duplicates } = this.#compared ?? {};
    const figures = {
      attack: this.#title,
      ...(this.#note !== undefined && { note: this.#note }),
      committed: committed ?? this.#committed.count,
      arrived: delivered ?? 0,
      doubles: duplicates ?? 0,
      longestStopS: Number(this.#longestStopS.toFixed(2)),
      peakMb: this.#peakMb,
      tookS: Math.round((performance.now() - this.#startMs) / 1000),
      faults: this.faults,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    const path = process.env['HOSTILE_FIGURES'];
    if (path !== undefined) addFigures(path, figures);
  }

  async #checkHealth(expected: true | RegExp | 'any'): Promise<void> {
    if (expected === 'any') return;
    const { healthy, problems } = await this.health().catch(({ message }: Error) => ({
      healthy: false,
      problems: [message],
    }));
    const told = problems.join('; ');
    if (expected === true) this.check(healthy, `health does not recover: ${told}`);
    else this.check(expected.test(told), `health does not say ${expected}: '${told}'`);
  }

  #lookAtMemory({ child }: Running): void {
    try {
      this.#peakMb = Math.max(this.#peakMb, memoryOf(child.pid).peakMb);
    } catch {
      // it has ended
    }
  }
}

function some(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' ...' : ''}`;
}

/** Enough of what it said last to know why: its error, not the warnings of Node before it. */
function lastWords(run: Running): string {
  const fatal = run.stderr().split('\n');
  const from = fatal.findIndex((line) => /^(sentigon: |this is a bug)/.test(line));
  const messages = [...run.stdout().matchAll(/"msg":"(.*)"\}$/gm)].map(([, message]) => message);
  const lines = from < 0 ? messages.slice(-2) : fatal.slice(from, from + 2);
  return lines.join(' | ').slice(0, 300);
}
