// What a model says of its own training, where people look for problems.
import type { Model } from '../../models/model.ts';
import type { Problems } from '../status/problems.ts';
import { lessonProblemOf } from './learn.ts';

/** Raises what is the matter with the model that runs from now on, and clears what was with the one before. */
export function reportNotes(
  { leftOut = [], lesson }: Pick<Model, 'leftOut' | 'lesson'>,
  streamId: string,
  problems: Pick<Problems, 'raise' | 'clear'>,
): void {
  const again = `train it again: sentigon ctl retrain stream=${streamId}`;
  const names = leftOut.map(({ id }) => id).join(', ');
  const said: readonly (readonly [key: string, message: string | undefined])[] = [
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
  for (const [key, message] of said) {
    if (message) problems.raise(key, message);
    else problems.clear(key);
  }
}
