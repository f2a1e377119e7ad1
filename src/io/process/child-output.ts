import { SourceError } from '../../core/errors.ts';
import { type Child, type Command, endingError, startChild } from './child-lines.ts';

export interface ChildRun {
  /** For messages, e.g. `source exec`. */
  readonly where: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Longer output is no reading. */
const LONGEST_OUTPUT = 1 << 20;

/**
 * Standard output of a program that ends by itself. Throws `SourceError` when it fails, says too much, or is not done
 * within `timeoutMs` and is killed, `DeviceError` when there is none, and the signal's reason when that aborts.
 */
export async function outputOf(
  command: Command,
  { where, timeoutMs, signal }: ChildRun,
): Promise<string> {
  const child = startChild(command, signal);
  let late = false;
  const timer = setTimeout(() => {
    if (!child.running) return; // it was in time, and what it printed is being read
    late = true;
    void child.stop();
  }, timeoutMs);
  try {
    const output = await readAll(child, () => tooLong(where, command));
    const ending = await child.ended;
    signal.throwIfAborted();
    if (late) throw tooSlow(where, command, timeoutMs);
    if (ending.code !== 0) throw endingError(where, command, ending);
    return output;
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(child: Child, tooMuch: () => SourceError): Promise<string> {
  let output = '';
  try {
    for await (const { lines } of child.lines) {
      output += `${lines.join('\n')}\n`;
      if (output.length > LONGEST_OUTPUT) throw tooMuch();
    }
    return output;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

function tooLong(where: string, command: Command): SourceError {
  return new SourceError(
    `${where}: '${command.join(' ')}' printed more than ${LONGEST_OUTPUT} characters: is it the right program?`,
  );
}

function tooSlow(where: string, command: Command, timeoutMs: number): SourceError {
  return new SourceError(
    `${where}: '${command.join(' ')}' was not done after ${timeoutMs} ms and was killed: allow it more time or make it faster`,
  );
}
