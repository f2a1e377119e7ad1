// The files that commands write: refused before any work where they cannot be written, or would replace what is read.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { ConfigError } from '../../core/errors.ts';
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
  requireOutput('--out', out, inputs);
  await askToOverwrite(out, force);
}

/**
 * Before any work: whether the file of `option` can be written. `inputs` are what is read, by what they are called in messages;
 * names of no files may be among them. Throws `ConfigError`.
 */
export function requireOutput(
  option: string,
  out: string,
  inputs: Readonly<Record<string, string>> = {},
): void {
  requireName(option, out, 'a file');
  const folder = dirname(out);
  if (!existsSync(folder)) {
    throw new ConfigError(`${option} ${out}: folder ${folder} does not exist: create it first`, {
      code: 'SEN_CFG_OUTPUT_FOLDER',
    });
  }
  const there = statSync(out, { throwIfNoEntry: false });
  if (there && !there.isFile()) {
    throw new ConfigError(
      there.isDirectory()
        ? `${option} ${out} is a folder: name a file in it`
        : `${option} ${out} is a device or pipe, which a file would replace: name a file`,
      { code: 'SEN_CFG_OUTPUT_EXISTS' },
    );
  }
  for (const [what, path] of Object.entries(inputs)) {
    if (!existsSync(out) || !existsSync(path) || realpathSync(out) !== realpathSync(path)) continue;
    throw new ConfigError(`${option} ${out} is the ${what}: name another file`, {
      code: 'SEN_CFG_OUTPUT_EXISTS',
    });
  }
}

/** Throws `ConfigError` for the empty name, e.g. of a variable of a shell that is not set. */
export function requireFolderName(option: string, folder: string): void {
  requireName(option, folder, 'a folder');
}

function requireName(option: string, name: string, what: string): void {
  if (name !== '') return;
  throw new ConfigError(`${option} is empty: name ${what}`, { code: 'SEN_CFG_OPTION' });
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
