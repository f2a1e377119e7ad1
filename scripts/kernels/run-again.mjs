// Runs a script that may crash in a process of its own, and again when it did.
import { spawnSync } from 'node:child_process';

/** The script says with it that it has crashed, without having been ended by a signal. EX_SOFTWARE of sysexits.h. */
export const CRASHED = 70;
/** The compiler was seen to crash once in 27 builds; five crashes on end are then one in fourteen million. */
const ATTEMPTS = 5;
/** A compiler that hangs counts as crashed; on a desk it takes three seconds, on the slowest board some minutes. */
const LONGEST_MS = 1_200_000;

/**
 * Runs `script` with Node, again after each crash, which is reported. Throws after the last attempt, and at once when the
 * script ends with any other code: that would come again.
 * @param {string} script
 * @param {readonly string[]} args
 * @param {(line: string) => void} report
 */
export function runAgainAfterCrash(script, args, report) {
  for (let attempt = 1; ; attempt++) {
    const crash = crashOf(script, args);
    if (crash === undefined) return;
    if (attempt === ATTEMPTS) throw new Error(`${script} ${crash} ${ATTEMPTS} times on end`);
    report(`${script} ${crash}: attempt ${attempt + 1} of ${ATTEMPTS}`);
  }
}

/** undefined when it succeeded. */
function crashOf(script, args) {
  const { status, signal, error } = spawnSync(process.execPath, [script, ...args], {
    stdio: 'inherit',
    timeout: LONGEST_MS,
  });
  if (status === 0) return undefined;
  if (signal !== null) return `was ended by ${signal}`;
  if (status === CRASHED) return 'has crashed';
  throw error ?? new Error(`${script} ended with ${status}: see above`);
}
