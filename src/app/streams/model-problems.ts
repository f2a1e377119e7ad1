// What is wrong with the model of a stream, as problems in health.
import type { StoreError } from '../../core/errors.ts';
import type { Model } from '../../models/model.ts';
import type { Problems } from '../status/problems.ts';

/** Raises the problems of the model that runs from now on, and clears those of the model before. */
export function reportNotes(
  { leftOut = [], lesson }: Pick<Model, 'leftOut' | 'lesson'>,
  streamId: string,
  problems: Pick<Problems, 'raise' | 'clear'>,
): void {
  const again = `train it again: sentigon ctl retrain stream=${streamId}`;
  const names = leftOut.map(({ id }) => id).join(', ');
  const found: readonly (readonly [key: string, message: string | undefined])[] = [
    [
      `left-out:${streamId}`,
      names &&
        `stream '${streamId}' is watched without ${names}: too few readings while it learnt; when there are some, ${again}`,
    ],
    [
      lessonProblemOf(streamId),
      lesson?.doubt &&
        `stream '${streamId}' has learnt from rows that were not calm (${lesson.doubt}): take its alerts with care; when the machine is calm, ${again}`,
    ],
  ];
  for (const [key, message] of found) {
    if (message) problems.raise(key, message);
    else problems.clear(key);
  }
}

/** Key of the problem that the rows of a lesson are not calm, or were not. */
export function lessonProblemOf(streamId: string): string {
  return `lesson:${streamId}`;
}

/** Key of the problem that something is wrong with the model of a stream, or with its file. */
export function modelProblemOf(streamId: string): string {
  return `model:${streamId}`;
}

/** Message for a model that the disk did not take. */
export function unkeptModel(streamId: string, { message }: StoreError): string {
  return `stream '${streamId}': the model is in memory only, and written again each minute: ${message}`;
}
