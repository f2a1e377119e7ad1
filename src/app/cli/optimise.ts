// `sentigon optimise`: sets the numbers of any program for several objectives, under limits.
import { Command, InvalidArgumentError } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { holdFolder } from '../../io/store/folder-lock.ts';
import { spanText } from '../../io/text/quantity.ts';
import { pointMethods } from '../../lab/search/points/index.ts';
import { readJournal } from '../optimise/journal.ts';
import type { Ledger, Row } from '../optimise/ledger.ts';
import { endText, headLine, rowLine, timeLeft, writeTable } from '../optimise/optimise-text.ts';
import { type NamedProblem, problemFrom } from '../optimise/problem.ts';
import { readProblemFile } from '../optimise/problem-file.ts';
import { MOST_EVALUATIONS } from '../optimise/problem-schema.ts';
import { optimise } from '../optimise/session.ts';
import { listenForStop } from '../process/stop.ts';
import { wholeOption } from './options.ts';
import { requireFolderName } from './output-file.ts';
import { createProgress, type Progress } from './progress.ts';

interface OptimiseOptions {
  readonly out?: string;
  readonly resume?: true;
  readonly budget?: number;
  readonly json?: true;
}

const NOTES = `
The problem file (YAML) names the variables with their ranges, the command with {variable} in its arguments, and where
the objectives and constraints stand in the JSON lines that the command prints; docs/optimise.md describes it.
The command runs in the current folder, without a shell. A run that fails counts as an evaluation.
The folder then holds a journal (optimise.jsonl) and all evaluations (evaluations.csv).

Methods:
${[...pointMethods.values()].map(({ kind, summary }) => `  ${kind.padEnd(15)}${summary}`).join('\n')}

Examples:
  $ sentigon optimise problem.yaml --out found
  $ sentigon optimise problem.yaml --out found --resume --budget 100
  $ sentigon report found`;

export function optimiseCommand(): Command {
  return new Command('optimise')
    .argument('<problem>', 'problem file (.yaml)')
    .option('-o, --out <dir>', 'folder for the journal and the results')
    .option('--resume', 'continue the optimisation in --out that was stopped')
    .option('-n, --budget <n>', 'evaluations, instead of those in the problem file', budgetOption)
    .option('--json', 'each evaluation and the result as JSON lines')
    .addHelpText('after', NOTES)
    .action(run);
}

function budgetOption(text: string): number {
  const value = wholeOption(text);
  if (value <= MOST_EVALUATIONS) return value;
  throw new InvalidArgumentError(`Expected at most ${MOST_EVALUATIONS}.`);
}

async function run(path: string, options: OptimiseOptions): Promise<void> {
  const { out: folder, resume = false, budget, json = false } = options;
  if (folder === undefined) {
    throw new ConfigError('name a folder for the results with --out', { code: 'SEN_CFG_OPTION' });
  }
  requireFolderName('--out', folder);
  const written = readProblemFile(path);
  const problem = problemFrom(budget === undefined ? written : { ...written, budget });
  if (resume) readJournal(folder); // or there is no folder to hold
  const release = holdFolder(folder);
  const stop = listenForStop();
  const progress = createProgress(json ? process.stdout : process.stderr, 'optimising', json);
  let seen: Ledger | undefined;
  try {
    const ledger = await optimise(problem, {
      ...{ folder, resume, signal: stop.signal },
      warn: (line) => (json ? void process.stderr.write(`${line}\n`) : progress.say(line)),
      onStart: () => progress.say(headLine(problem.names, problem.reference !== undefined)),
      onRow(row, soFar) {
        seen = soFar;
        if (json) process.stdout.write(`${JSON.stringify(jsonRow(row, soFar, problem))}\n`);
        else progress.say(rowLine(row, problem.names, soFar.isOnFront(row)));
        showProgress(progress, soFar, problem);
      },
    }).finally(() => {
      progress.end();
      stop.release();
      if (seen) writeTable(problem, seen, folder);
    });
    process.stdout.write(json ? jsonEnd(ledger) : `${endText(problem, ledger, folder)}\n`);
  } finally {
    release();
  }
}

function showProgress(progress: Progress, ledger: Ledger, problem: NamedProblem): void {
  const { budget } = problem.file;
  const done = ledger.rows.length;
  const leftS = timeLeft(ledger, problem);
  const volume =
    ledger.hypervolume === undefined ? '' : `, hypervolume ${ledger.hypervolume.toPrecision(4)}`;
  const left = leftS === undefined ? '' : `, about ${spanText(1000 * leftS)} left`;
  progress.update(done / budget, `${done} of ${budget}${volume}${left}`, {
    hypervolume: ledger.hypervolume,
    leftS,
  });
}

function jsonRow(row: Row, ledger: Ledger, problem: NamedProblem) {
  return { ...row, onFront: ledger.isOnFront(row), leftS: timeLeft(ledger, problem) };
}

function jsonEnd({ front, hypervolume, rows, nearest }: Ledger): string {
  const failed = rows.filter(({ failure }) => failure !== undefined).length;
  const missed = front.length > 0 ? undefined : nearest;
  return `${JSON.stringify({ front, hypervolume, evaluated: rows.length, failed, nearest: missed })}\n`;
}
