// The retraining of each stream, for commands and for the health report.
import { ConfigError } from '../../core/errors.ts';
import type { StreamHealth } from '../../core/health.ts';
import type { ThresholdPromise } from '../../core/threshold.ts';
import type { Drift } from '../../detection/drift/score-drift.ts';
import { createOwnTrainings, type OwnTrainings } from './own-trainings.ts';
import type { StreamRetraining } from './stream-retraining.ts';

export interface WatchedStream {
  readonly drift: () => Drift | undefined;
  /** undefined where the threshold makes none. */
  readonly promise: () => ThresholdPromise | undefined;
  /** Whether the daemon's own trainings disturb what it measures now. */
  readonly disturbed: () => boolean;
  /** undefined where the stream does not learn by itself. */
  readonly retraining: StreamRetraining | undefined;
}

export interface RetrainingRegistry {
  /** A stream is watched from now on, until the function is called that is returned. */
  enter(streamId: string, watched: WatchedStream): () => void;
  /** Throws `ConfigError` when the stream has no models of its own now. */
  of(streamId: string): StreamRetraining;
  modelHealthOf(
    streamId: string,
  ): Pick<StreamHealth, 'drift' | 'promise' | 'training' | 'disturbed'>;
  /** All trainings: those that have the turn, and first ones. */
  readonly trainings: OwnTrainings;
  /** A training may begin: a function to be called at its end. undefined while another runs. */
  takeTurn(): (() => void) | undefined;
}

export function createRetrainingRegistry(
  trainings: OwnTrainings = createOwnTrainings(() => performance.now()),
): RetrainingRegistry {
  const watchedStreams = new Map<string, WatchedStream>();
  let busy = false;
  return {
    trainings,
    enter(streamId, watched) {
      watchedStreams.set(streamId, watched);
      return () => {
        if (watchedStreams.get(streamId) === watched) watchedStreams.delete(streamId);
      };
    },
    of(streamId) {
      const watched = watchedStreams.get(streamId);
      if (watched?.retraining) return watched.retraining;
      throw new ConfigError(
        watched
          ? `stream '${streamId}' has its model from a file, or cannot keep its own: train one with sentigon train, or remove model from its configuration`
          : `stream '${streamId}' is not watched now: it is learning, waits for its source, or its recording is over`,
        { code: 'SEN_CFG_NO_OWN_MODEL' },
      );
    },
    modelHealthOf(streamId) {
      const watched = watchedStreams.get(streamId);
      const drift = watched?.drift();
      const promise = watched?.promise();
      const training = watched?.retraining?.models().training;
      return {
        ...(drift && { drift }),
        ...(promise && { promise }),
        ...(training && { training }),
        ...(watched?.disturbed() && { disturbed: true as const }),
      };
    },
    takeTurn() {
      if (busy) return undefined;
      busy = true;
      const ended = trainings.begin();
      return () => {
        busy = false;
        ended();
      };
    },
  };
}
