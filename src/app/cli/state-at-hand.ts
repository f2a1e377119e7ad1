import { readEnvironment } from '../config/environment.ts';
import { stateFolder, stateIn } from '../config/load.ts';
import { configAtHand, surroundingsOf } from '../service/places.ts';

export interface StateOptions {
  readonly config?: string;
  readonly state?: string;
}

/** For the option --config of a command that is about a state folder. */
export const WHOSE_STATE = "whose state; default: that of 'sentigon run', then the service's";

/** The state folder that is meant: the one named, else that of the configuration at hand. */
export function stateAtHand({ config, state }: StateOptions): string {
  if (state !== undefined) return state;
  const environment = readEnvironment();
  const file = configAtHand(config, environment);
  const surroundings = surroundingsOf(file, environment);
  if (file === undefined) return stateFolder(surroundings);
  return stateIn(file, surroundings);
}
