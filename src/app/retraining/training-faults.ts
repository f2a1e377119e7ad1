// What is said of a training that could not be carried out.
import { ConfigError, KnownError } from '../../core/errors.ts';
import type { Log } from '../log.ts';
import type { ModelRecord } from '../models/manifest.ts';
import type { Problems } from '../status/problems.ts';

/** Key of the problem that a stream cannot be trained when it is due. */
export function problemOf(streamId: string): string {
  return `retrain:${streamId}`;
}

interface Surroundings {
  readonly streamId: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly problems: Pick<Problems, 'raise'>;
}

/** As a problem, unless it is a matter of time, as of a stream that is stopped. */
export function tellFault(parts: Surroundings, why: ModelRecord['why'], error: Error): void {
  const { streamId, signal, log, problems } = parts;
  if (signal.aborted) return;
  if (error instanceof ConfigError) {
    log.warn({ streamId, why }, `not trained again: ${error.message}`);
  } else if (error instanceof KnownError) {
    const message = `stream '${streamId}' should be trained again and cannot: ${error.message}`;
    problems.raise(problemOf(streamId), message);
  } else {
    log.error({ streamId, why, stack: error.stack }, 'bug in a training');
    problems.raise(
      problemOf(streamId),
      `stream '${streamId}' should be trained again and cannot: a bug in sentigon, see its log`,
    );
  }
}

export function trainingRuns(which: string): ConfigError {
  const message = `${which} training runs: wait until it is done`;
  return new ConfigError(message, { code: 'SEN_CFG_TRAINING_RUNS' });
}
