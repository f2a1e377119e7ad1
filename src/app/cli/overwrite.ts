// Asks before a command replaces a file that took hours to make.
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
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
