// What `sentigon search` prints: each evaluation as it comes, the result, and a point that was taken.
import { mean } from '../../engine/statistics.ts';
import { calibrationText } from '../search/calibration.ts';
import type { LevelBegun } from '../search/levelled-search.ts';
import { bestFirst } from '../search/points.ts';
import type { SearchResult } from '../search/search-result.ts';
import {
  figuresText,
  foundText,
  levelLine,
  modelText,
  tableHead,
  toldLine,
} from '../search/search-text.ts';
import type { Told } from '../search/session.ts';
import type { SearchSettings } from '../search/settings.ts';
import { type TakeContext, type Taken, takePoint } from '../search/take-point.ts';
import type { Progress } from './progress.ts';

/** Prints levels and evaluations as they come. */
export function reporter(progress: Progress, settings: SearchSettings, json: boolean) {
  const { budget, objectives } = settings;
  let best = Number.NEGATIVE_INFINITY;
  let done = 0;
  let hasHead = false;
  // not before: what is refused has one line of its own
  const head = (): void => {
    if (!hasHead) progress.say(tableHead(settings));
    hasHead = true;
  };
  return {
    onProgress: (fraction: number) => progress.update(fraction, `${done} of ${budget} evaluated`),
    onLevel(begun: LevelBegun) {
      head();
      if (json) process.stdout.write(`${JSON.stringify(begun)}\n`);
      else progress.say(levelLine(begun));
    },
    onTold(told: Told) {
      done += 1;
      head();
      if (json) process.stdout.write(`${JSON.stringify(jsonTurn(told, settings))}\n`);
      else progress.say(toldLine(told, best, settings));
      if (objectives) best = told.hypervolume;
      else if (told.values.length > 0) best = Math.max(best, mean(told.values));
    },
  };
}

/** Takes a point of a search, and returns what is printed of it. */
export async function taken(
  number: number,
  context: TakeContext,
  progress: Progress,
  json: boolean,
): Promise<string> {
  const onProgress = ({ fraction }: { readonly fraction: number }) =>
    progress.update(fraction, `training the network of evaluation ${number}`);
  return takenText(await takePoint(number, { ...context, onProgress }), context.folder, json);
}

function takenText({ number, point, model }: Taken, folder: string, json: boolean): string {
  if (json) return `${JSON.stringify({ taken: number, point, model })}\n`;
  return `${point.name} on ${point.device}\n${figuresText(model, point, folder)}\n`;
}

function jsonTurn(
  { number, proposal, choice, evaluated, values, hypervolume }: Told,
  { objectives }: SearchSettings,
) {
  const { accuracy, costs, failure, trainS } = evaluated;
  const { network, device, level } = choice;
  return {
    ...{ evaluation: number + 1, level, reason: proposal.reason, device: device.kind },
    ...{ design: network.point, accuracy, costs, failure, trainS },
    ...(objectives ? {} : { performances: values }),
    hypervolume,
  };
}

export function jsonResult({ points, chosen, reason, hypervolume, model }: SearchResult): string {
  const front = bestFirst(points.filter(({ onFront }) => onFront));
  return `${JSON.stringify({ chosen, reason, model, front, hypervolume, evaluated: points.length })}\n`;
}

export function resultText(result: SearchResult, folder: string): string {
  const calibration = `surrogate: ${calibrationText(result.calibration)}`;
  return `${foundText(result)}\n${calibration}\n${modelText(result, folder)}\n`;
}
