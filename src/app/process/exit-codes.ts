// What the process says when it ends, and the codes of the errors a user can meet; docs/errors.md lists both.
import { ConfigError, KnownError, UpdateError } from '../../core/errors.ts';
import { inOneLine } from '../../io/text/lines.ts';

/** sysexits.h where it has a word for it. */
export const exitCodes = {
  ok: 0,
  /** A known error: one line on standard error. */
  failed: 1,
  /** EX_UNAVAILABLE: a stream was trained again as asked, and its new model is not used; the answer says why. */
  notUsed: 69,
  /** EX_SOFTWARE: a bug in Sentigon, with its stack. */
  bug: 70,
  /** EX_TEMPFAIL: an update did not come up, and the previous release runs again. */
  rolledBack: 75,
  /** EX_CONFIG: the configuration or the command line is wrong. */
  config: 78,
  /** 128 + SIGINT: interrupted by the user before the work was done. */
  interrupted: 130,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const;

/** One line per error code, for docs/errors.md. */
export const errorCodes: Readonly<Record<string, string>> = {
  CONFIG: 'The configuration or the command line is wrong: each fault is named with its line.',
  SOURCE: 'A source cannot be read. The daemon opens a live one again, with growing pauses.',
  SINK: 'A sink did not take an alert. The outbox keeps it and tries again.',
  STORE: 'The history in the state directory cannot be read or written.',
  SHAPE: 'Data do not have the shape the model needs, e.g. another number of channels.',
  CALIBRATION:
    'The data do not suffice to train or to set an alert level: too few, too uniform, or the training diverged.',
  WEIGHTS: 'A model file is truncated, altered, or of another version.',
  DEVICE: 'The device lacks something that was asked for.',
  PLUGIN: 'A detector or threshold of a plug-in failed while it ran; its author has to correct it.',
  UPDATE:
    'Another release could not be installed. The previous one still runs, unless the line says otherwise.',
};

/** The work was stopped by a signal before it was done. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signalName: 'SIGINT' | 'SIGTERM';

  constructor(signalName: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signalName}`);
    this.signalName = signalName;
  }

  get exitCode(): number {
    return this.signalName === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
  }
}

/** A stream was trained again as asked, and keeps its model. */
export class NotUsed extends Error {
  override readonly name = 'NotUsed';
}

export interface Ending {
  readonly exitCode: number;
  /** For standard error; empty when everything has been said. */
  readonly text: string;
}

/** How the process ends after `error`. */
export function endingOf(error: unknown): Ending {
  if (error instanceof Interrupted) return { exitCode: error.exitCode, text: '' };
  if (error instanceof NotUsed) return { exitCode: exitCodes.notUsed, text: '' };
  if (error instanceof ConfigError) return { exitCode: exitCodes.config, text: line(error) };
  if (error instanceof UpdateError && error.rolledBack) {
    return { exitCode: exitCodes.rolledBack, text: line(error) };
  }
  if (error instanceof KnownError) return { exitCode: exitCodes.failed, text: line(error) };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: exitCodes.bug, text: `this is a bug in sentigon:\n${stack}\n` };
}

/** Faults of a configuration have a line each; what else a terminal obeys comes from names and outputs of others. */
function line(error: KnownError): string {
  const lines = error.report.split('\n').map(inOneLine);
  return `sentigon: ${error.code}: ${lines.join('\n')}\n`;
}
