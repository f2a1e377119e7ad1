// What `train` and `compress` share: the recording that they read, and the model file that they write.
import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { ConfigError } from '../../core/errors.ts';
import type { Series } from '../../core/series.ts';
import { readSeries } from '../../io/csv/series-file.ts';
import { createFaultCounter } from '../../io/timing/fault-counter.ts';
import { refuseToOverwrite } from '../init/write-start.ts';
import { Interrupted } from '../process/exit-codes.ts';

interface ModelFile {
  readonly out: string;
  readonly force?: true;
}

/**
 * Before hours of work: whether `out` can be written. `inputs` are the files that are read, by what they are called in messages.
 * Throws `ConfigError`, and `Interrupted` at Ctrl-C.
 */
export async function requireModelFile(
  { out, force }: ModelFile,
  inputs: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = dirname(out);
  if (!existsSync(folder)) {
    throw new ConfigError(`--out ${out}: folder ${folder} does not exist: create it first`, {
      code: 'SEN_CFG_OUTPUT_FOLDER',
    });
  }
  for (const [what, path] of Object.entries(inputs)) {
    if (!existsSync(out) || !existsSync(path) || realpathSync(out) !== realpathSync(path)) continue;
    throw new ConfigError(`--out ${out} is the ${what}: name another file for the new model`, {
      code: 'SEN_CFG_OUTPUT_EXISTS',
    });
  }
  await askToOverwrite(out, force);
}

/** Asks on a terminal, refuses elsewhere. Throws `ConfigError`, and `Interrupted` at Ctrl-C. */
async function askToOverwrite(file: string, force: true | undefined): Promise<void> {
  if (force || !existsSync(file)) return;
  const asks = process.stdin.isTTY && process.stderr.isTTY;
  if (asks && /^y(es)?$/i.test(await answerTo(`${file} exists. Replace it? yes or no [no]: `)))
    return;
  refuseToOverwrite(file, false);
}

async function answerTo(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const stopped = new AbortController();
  lines.once('SIGINT', () => stopped.abort(new Interrupted('SIGINT')));
  lines.once('close', () => stopped.abort()); // an input that ends answers no
  try {
    return (await lines.question(question, { signal: stopped.signal })).trim();
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
    process.stderr.write('\n');
    if (stopped.signal.reason instanceof Interrupted) throw stopped.signal.reason;
    return 'no';
  } finally {
    lines.close();
  }
}

interface ReadOptions {
  readonly ignore?: readonly string[];
  readonly skipBadRows?: true;
}

/** What is left out, and what is odd about a row, goes to standard error. */
export async function readRecording(
  path: string,
  { ignore = [], skipBadRows }: ReadOptions,
): Promise<Series> {
  const faults = createFaultCounter((line) => void process.stderr.write(`sentigon: ${line}\n`));
  const onBadRow = skipBadRows ? 'skip' : 'fail';
  const series = await readSeries(path, { ignoreColumns: [...ignore], onBadRow }, faults.count);
  faults.finish(path);
  return series;
}
