// What becomes of a model that was trained: it goes live, or is kept beside with what speaks against it.
import { KnownError } from '../../core/errors.ts';
import type { Retrained } from '../../lab/retraining/retraining.ts';
import type { Trial } from '../../lab/retraining/trial.ts';
import type { Model } from '../../models/model.ts';
import type { ModelRecord } from '../models/manifest.ts';
import type { ModelArchive, NewRecord } from '../models/model-archive.ts';

interface Places {
  readonly archive: ModelArchive;
  /** Throws a `KnownError` when the stream could not run with that model. */
  readonly check: (model: Model) => void;
  /** Has the stream run with that model from its next row on. */
  readonly replace: (model: Model) => void;
}

/** A new model, with its trial beside the live one; without where it watches other channels: they cannot be compared. */
export type Outcome = Pick<Retrained, 'model'> & Partial<Retrained>;

/** Puts the new model in place, or beside with what speaks against it; `force` uses one that does worse than the live one. */
export async function settle(
  { archive, check, replace }: Places,
  { model, trial }: Outcome,
  trained: Pick<NewRecord, 'why' | 'spanMs' | 'trainedAt'>,
  force: boolean,
): Promise<ModelRecord> {
  const record: NewRecord = { ...trained, ...(trial && { trial: figuresOf(trial) }) };
  const objection = trial?.objection;
  const reason = (force ? undefined : objection) ?? faultOf(model, check);
  if (reason !== undefined) return archive.reject(model, { ...record, reason });
  const overruled = objection === undefined ? {} : { overruled: objection };
  const admitted = await archive.admit(model, { ...record, ...overruled });
  replace(model);
  return admitted;
}

function figuresOf({ objection: _, ...figures }: Trial): Omit<Trial, 'objection'> {
  return figures;
}

function faultOf(model: Model, check: (model: Model) => void): string | undefined {
  try {
    check(model);
    return undefined;
  } catch (error) {
    if (error instanceof KnownError) return error.message;
    throw error;
  }
}
