// Who looks after the models of which stream: for commands, and for what is told of the daemon's health.
import { ConfigError } from '../../core/errors.ts';
import type { StreamHealth } from '../../core/health.ts';
import type { ThresholdPromise } from '../../core/threshold.ts';
import type { Drift } from '../../detection/drift/score-drift.ts';
import type { Steward } from './stream-retraining.ts';

export interface Resident {
  readonly drift: () => Drift | undefined;
  /** undefined where the threshold makes none. */
  readonly promise: () => ThresholdPromise | undefined;
  /** undefined where the stream does not learn by itself. */
  readonly steward: Steward | undefined;
}

export interface Stewards {
  /** A stream is watched from now on, until the function is called that is returned. */
  enter(streamId: string, resident: Resident): () => void;
  /** Throws `ConfigError` when the stream has no models of its own now. */
  of(streamId: string): Steward;
  lifeOf(streamId: string): Pick<StreamHealth, 'drift' | 'promise' | 'training'>;
  /** A training may begin: a function to be called at its end. undefined while another runs. */
  takeTurn(): (() => void) | undefined;
}

export function createStewards(): Stewards {
  const residents = new Map<string, Resident>();
  let busy = false;
  return {
    enter(streamId, resident) {
      residents.set(streamId, resident);
      return () => {
        if (residents.get(streamId) === resident) residents.delete(streamId);
      };
    },
    of(streamId) {
      const resident = residents.get(streamId);
      if (resident?.steward) return resident.steward;
      throw new ConfigError(
        resident
          ? `stream '${streamId}' has its model from a file, or cannot keep its own: train one with sentigon train, or remove model from its configuration`
          : `stream '${streamId}' is not watched yet: it learns, or waits for its source`,
      );
    },
    lifeOf(streamId) {
      const resident = residents.get(streamId);
      const drift = resident?.drift();
      const promise = resident?.promise();
      const training = resident?.steward?.models().training;
      return {
        ...(drift && { drift }),
        ...(promise && { promise }),
        ...(training && { training }),
      };
    },
    takeTurn() {
      if (busy) return undefined;
      busy = true;
      return () => {
        busy = false;
      };
    },
  };
}
