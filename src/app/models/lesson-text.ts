// What was the matter with a lesson, in words for a person.
import type { LessonDoubt } from '../../detection/lesson.ts';
import { isoTime } from '../../io/text/alert-payload.ts';

/** Most changes that a message names. */
const MOST_DOUBTS = 3;
const MOST_CHANNELS = 3;

const CHANGES: Readonly<Record<LessonDoubt['change'], string>> = {
  higher: 'higher',
  lower: 'lower',
  restless: 'restless',
  quieter: 'quieter',
  stuck: 'stuck',
  moving: 'moving',
  missing: 'not read',
  read: 'read',
  drifting: 'drifting',
  outlier: 'far out',
};

/** E.g. `load and current higher until 2026-01-01T02:20:00Z, memory drifting all the time`. */
export function lessonWords(doubts: readonly LessonDoubt[]): string {
  const said = doubts.slice(0, MOST_DOUBTS).map(wordsOf);
  const more = doubts.length - said.length;
  return `${said.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function wordsOf({ change, when, channels, fromMs, toMs }: LessonDoubt): string {
  return `${listed(channels)} ${CHANGES[change]} ${timeOf(when, moment(fromMs), moment(toMs))}`;
}

function timeOf(when: LessonDoubt['when'], from: string, to: string): string {
  switch (when) {
    case 'first':
      return `until ${to}`;
    case 'last':
      return `since ${from}`;
    case 'throughout':
      return 'all the time';
    case 'once':
      return from === to ? `at ${from}` : `from ${from} to ${to}`;
  }
}

function listed(names: readonly string[]): string {
  if (names.length > MOST_CHANNELS) {
    const shown = names.slice(0, MOST_CHANNELS - 1);
    return `${shown.join(', ')} and ${names.length - shown.length} more`;
  }
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** To the second: a lesson of a fast stream is a minute. */
function moment(timeMs: number): string {
  return `${isoTime(timeMs).slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}Z`;
}
