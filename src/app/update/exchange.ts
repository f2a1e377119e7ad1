// One release for another: put, brought up, watched; and put back when it does not come up.
import { UpdateError } from '../../core/errors.ts';
import { restoreMigrated, type SavedState } from './states.ts';
import { bringUp, stop } from './units.ts';

interface Exchange {
  readonly replacement: Replacement;
  /** That ran before. */
  readonly units: readonly string[];
  readonly states: readonly SavedState[];
  readonly from: string;
  readonly to: string;
  /** How long the new release is watched after it is ready, ms. */
  readonly settleMs: number;
  readonly tell: (line: string) => void;
  /** Told that the new release does not come up, before anything else is done about it. */
  readonly onFault: () => void;
  readonly now: () => number;
}

/** Throws `UpdateError`; its text says whether the previous release runs again. */
export async function exchangeReleases(exchange: Exchange): Promise<void> {
  const { replacement, units, settleMs, to, tell } = exchange;
  replacement.prepare();
  const fault = putFault(replacement) ?? (await bringUp(units, settleMs));
  if (fault !== undefined) await putBack(exchange, fault);
  tell(`release ${to} is installed, the previous one is kept in ${replacement.keep()}`);
  if (units.length > 0) tell(`${units.join(', ')} ${units.length > 1 ? 'run' : 'runs'} with it`);
}

function putFault(replacement: Replacement): string | undefined {
  try {
    replacement.put();
    return undefined;
  } catch (error) {
    if (error instanceof UpdateError) throw error; // nothing was changed
    return (error as Error).message;
  }
}

async function putBack(exchange: Exchange, fault: string): Promise<never> {
  const { replacement, units, states, from, to, tell, now } = exchange;
  exchange.onFault();
  tell(`release ${to} does not start (${fault}): restoring ${from}`);
  const steps = [
    () => stop(units),
    () => replacement.back(),
    () => {
      for (const former of restoreMigrated(states, now()))
        tell(`the data that it wrote is in ${former}`);
    },
  ];
  const faults = steps.map(faultIn);
  faults.push(await bringUp(units, 0)); // also when a step failed: better any daemon than none
  const again = faults.filter((each) => each !== undefined).join('; ');
  if (again !== '') {
    throw new UpdateError(
      `release ${to} does not start (${fault}), and neither does ${from} (${again}): see journalctl -u sentigon; copies of the state: ${copies(states)}`,
      { code: 'SEN_UPD_BOTH_FAILED' },
    );
  }
  throw new UpdateError(`release ${to} did not start (${fault}): ${from} runs again`, {
    code: 'SEN_UPD_ROLLED_BACK',
    rolledBack: true,
  });
}

/** Its errors are caught: the steps after it restart the daemons. */
function faultIn(step: () => void): string | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function copies(states: readonly SavedState[]): string {
  return states.map(({ file }) => file).join(', ') || 'none';
}

/** The exchange of one release for another, and back. Both throw `DeviceError` with what a program said. */
export interface Replacement {
  /** Looks into the new one, and throws when it cannot be what it should be. Changes nothing yet. */
  prepare(): void;
  /** Throws `UpdateError` when nothing was changed. */
  put(): void;
  /** Also after a `put` that failed on the way. */
  back(): void;
  /** The new one stays: where the previous one is kept. */
  keep(): string;
}
