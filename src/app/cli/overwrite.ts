// What is checked of the file that a command is to write, before the work: a file that took hours to make is not replaced
// without asking.
import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { ConfigError } from '../../core/errors.ts';
import { refuseToOverwrite } from '../init/write-start.ts';
import { Interrupted } from '../process/exit-codes.ts';

/** Asks on a terminal, refuses elsewhere. Throws `ConfigError`, and `Interrupted` at Ctrl-C. */
export async function askToOverwrite(file: string, force: true | undefined): Promise<void> {
  if (force || !existsSync(file)) return;
  const asks = process.stdin.isTTY && process.stderr.isTTY;
  if (asks && /^y(es)?$/i.test(await answerTo(`${file} exists. Replace it? yes or no [no]: `)))
    return;
  refuseToOverwrite(file, false);
}

/** Throws `ConfigError` if the folder of the file does not exist. */
export function requireFolder(out: string): void {
  if (existsSync(dirname(out))) return;
  throw new ConfigError(`--out ${out}: folder ${dirname(out)} does not exist: create it first`, {
    code: 'SEN_CFG_OUTPUT_FOLDER',
  });
}

/** Throws `ConfigError` if the file is one of those that the command reads, by what they are: a recording cannot be made again. */
export function requireOther(out: string, inputs: Readonly<Record<string, string>>): void {
  if (!existsSync(out)) return;
  for (const [what, path] of Object.entries(inputs)) {
    if (!existsSync(path) || realpathSync(path) !== realpathSync(out)) continue;
    throw new ConfigError(`--out ${out} is the ${what}, which is read: name another file`, {
      code: 'SEN_CFG_OUTPUT_EXISTS',
    });
  }
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
