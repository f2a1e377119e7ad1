// How a program ended, or why it could not be started, in words.
import { DeviceError, type KnownError, SourceError } from '../../core/errors.ts';
import { inOneLine } from '../text/lines.ts';

/** A program and its arguments. */
export type Command = readonly string[];

export interface Ending {
  /** Exit code; null when a signal ended it or it never ran. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Last line on standard error. */
  readonly lastLine: string;
  /** Why it did not start. */
  readonly failure?: NodeJS.ErrnoException;
}

/** Longer commands are cut in messages. */
const SHOWN_COMMAND = 400;

/** A script in an argument may have lines. */
function quoted(command: Command): string {
  const text = inOneLine(command.join(' '));
  return text.length > SHOWN_COMMAND ? `'${text.slice(0, SHOWN_COMMAND)}...'` : `'${text}'`;
}

/** What the system means when it refuses to start a program, where its own words do not say what to do. */
const REFUSALS: ReadonlyMap<string | undefined, string> = new Map([
  ['E2BIG', 'its arguments are longer than the system takes: pass long texts in a file'],
  [
    'EACCES',
    'this user may not run it: check its permissions (chmod +x), and that it is no folder',
  ],
  ['ERR_INVALID_ARG_VALUE', 'an argument has a NUL character, which no program can be given'],
]);

/** Why it did not start. `DeviceError` when there is no such program. */
export function notStarted(
  where: string,
  command: Command,
  cause: NodeJS.ErrnoException,
): KnownError {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    return new DeviceError(`${where}: there is no program '${command[0]}': install or correct it`, {
      code: 'SEN_DEV_NO_PROGRAM',
      cause,
    });
  }
  const why = REFUSALS.get(cause.code) ?? cause.message;
  return new SourceError(`${where}: ${quoted(command)} cannot be run: ${why}`, {
    code: 'SEN_SRC_PROGRAM',
    cause,
  });
}

/** The end of the program in one line. `DeviceError` when there is no such program. */
export function endingError(
  where: string,
  command: Command,
  { code, signal, lastLine, failure }: Ending,
): KnownError {
  if (failure) return notStarted(where, command, failure);
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  return new SourceError(
    `${where}: ${quoted(command)} ${how}${lastLine === '' ? '' : `: ${lastLine}`}`,
    {
      code: 'SEN_SRC_PROGRAM',
    },
  );
}

/** Longer output is an error. */
export const LONGEST_OUTPUT = 1 << 20;

export function tooLong(where: string, command: Command): SourceError {
  return new SourceError(
    `${where}: ${quoted(command)} printed more than ${LONGEST_OUTPUT} characters: is it the right program?`,
    { code: 'SEN_SRC_PROGRAM_OUTPUT' },
  );
}

export function tooSlow(where: string, command: Command, timeoutMs: number): SourceError {
  return new SourceError(
    `${where}: ${quoted(command)} was not done after ${timeoutMs} ms and was killed: allow it more time or make it faster`,
    { code: 'SEN_SRC_PROGRAM_SLOW' },
  );
}
