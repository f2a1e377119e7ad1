// An optimisation from its first proposal to its last evaluation, or from where its journal ends.
import { SourceError } from '../../core/errors.ts';
import type { PointProposal, PointSearch } from '../../lab/search/points/contract.ts';
import { keyOf } from '../../lab/search/points/space.ts';
import { askAndTell, type Turn } from '../search/ask-and-tell.ts';
import {
  continueJournal,
  type Done,
  type Journal,
  readJournal,
  requireSameProblem,
  startJournal,
} from './journal.ts';
import { Ledger, type Row } from './ledger.ts';
import type { Metrics, NamedProblem } from './problem.ts';
import { methodOf } from './problem-schema.ts';
import { runProgram } from './program-run.ts';

export interface SessionContext {
  readonly folder: string;
  /** Goes on with the journal in the folder. */
  readonly resume: boolean;
  readonly signal: AbortSignal;
  /** Called with warnings. */
  warn(line: string): void;
  /** Called once, when the folder has the journal that is wanted. */
  onStart(): void;
  /** Called with each evaluation, in the order of proposals; `ledger` knows it already. */
  onRow(row: Row, ledger: Ledger): void;
}

/** Failures without a success, after which something is wrong with the command rather than with the points. */
const HOPELESS = 5;

/**
 * Throws `ConfigError` where the folder holds another optimisation, `DeviceError` without the program, `StoreError` where the
 * folder cannot be written, and `SourceError` where the first five evaluations fail; the journal keeps what was done.
 */
export async function optimise(problem: NamedProblem, context: SessionContext): Promise<Ledger> {
  const { folder, resume, signal, onRow } = context;
  const { file } = problem;
  const before = resume ? readJournal(folder) : undefined;
  if (before) requireSameProblem(folder, before, file);
  const journal = before
    ? continueJournal(folder, before, file)
    : startJournal(folder, file, new Date().toISOString());
  context.onStart();
  const method = methodOf(file);
  const search = method.start(problem, method.options.parse(file.methodOptions), file.seed);
  const ledger = new Ledger(problem);
  const attempts = new Attempts(problem, journal, context);
  let failures = 0;

  async function evaluate(
    number: number,
    proposal: PointProposal,
    ended: AbortSignal,
  ): Promise<Done> {
    const known = before?.asked[number];
    if (known && keyOf(known.point) !== keyOf(proposal.point)) {
      throw new SourceError(
        `the journal in ${folder} asks for other points than the method does now: start a new optimisation`,
        { code: 'SEN_SRC_SEARCH_CHANGED' },
      );
    }
    const done = before?.done.get(number);
    if (done) return done;
    if (!known)
      journal.asked({ asked: number, point: [...proposal.point], reason: proposal.reason });
    return await attempts.evaluate(number, proposal, ended);
  }

  try {
    await askAndTell(search, {
      ...{ budget: file.budget, parallel: file.parallel, signal, evaluate },
      told({ result }: Turn<PointProposal, Done>) {
        tell(search, problem, result);
        onRow(ledger.add(result), ledger);
        if (before?.done.has(result.done)) return;
        failures++;
        if (!ledger.hasSuccess && failures >= HOPELESS) throw hopeless(ledger);
      },
    });
    if (!ledger.hasSuccess) throw hopeless(ledger);
  } finally {
    journal.close();
  }
  return ledger;
}

function tell(search: PointSearch, problem: NamedProblem, { point, runs, failure }: Done): void {
  const measured = failure === undefined ? runs.map((run) => problem.measuredFrom(run)) : [];
  search.tell({ point, runs: measured });
}

function hopeless({ rows }: Ledger): SourceError {
  return new SourceError(
    `the first ${rows.length} evaluations failed, the last with: ${rows.at(-1)?.failure}; correct the command and use another folder, or --resume to go on all the same`,
    { code: 'SEN_SRC_OPTIMISE_FAILS' },
  );
}

/** Runs the program and keeps what came of it. */
class Attempts {
  readonly #problem: NamedProblem;
  readonly #journal: Journal;
  readonly #context: SessionContext;
  #warned = new Set<string>();

  constructor(problem: NamedProblem, journal: Journal, context: SessionContext) {
    this.#problem = problem;
    this.#journal = journal;
    this.#context = context;
  }

  async evaluate(
    number: number,
    { point, reason }: PointProposal,
    signal: AbortSignal,
  ): Promise<Done> {
    const startMs = performance.now();
    const runs: Metrics[] = [];
    const failure = await this.#run(number, point, signal, runs);
    const seconds = Math.round(performance.now() - startMs) / 1000;
    const done: Done = {
      ...{ done: number, point: [...point], reason, runs },
      ...(failure !== undefined && { failure }),
      seconds,
    };
    this.#journal.done(done);
    return done;
  }

  /** Adds to `runs`; why it failed, or undefined. */
  async #run(
    number: number,
    point: PointProposal['point'],
    signal: AbortSignal,
    runs: Metrics[],
  ): Promise<string | undefined> {
    const { file } = this.#problem;
    const settings = this.#problem.settingsOf(point);
    const { folder } = this.#context;
    const warn = (line: string, kind: string) => this.#warnOnce(line, kind);
    for (let repetition = 0; repetition < file.repetitions; repetition++) {
      const run = number * file.repetitions + repetition + 1;
      try {
        runs.push(await runProgram(file, { number: run, settings, folder, signal, warn }));
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        return error.report;
      }
    }
    return undefined;
  }

  /** The same warning for each evaluation says no more than the first. */
  #warnOnce(line: string, kind: string): void {
    if (this.#warned.has(kind)) return;
    this.#warned.add(kind);
    this.#context.warn(line);
  }
}
