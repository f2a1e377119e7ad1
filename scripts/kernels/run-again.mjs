// Runs a script that may crash in a process of its own, and again when it did.
import { spawnSync } from 'node:child_process';

/** With this code the script says that its input is wrong, so it is not run again. EX_DATAERR of sysexits.h. */
export const FAULTY_SOURCES = 65;
/** The compiler was seen to crash once in 27 builds; five crashes on end are then one in fourteen million. */
const ATTEMPTS = 5;
/** A compiler that hangs counts as crashed; on a desk it takes three seconds, on the slowest board some minutes. */
const LONGEST_MS = 1_200_000;

/**
 * Runs `script` with Node until it succeeds. Reports each crash; throws when the sources are at fault, and after the last
 * attempt.
 * @param {string} script
 * @param {readonly string[]} args
 * @param {(line: string) => void} report
 */
export function runAgainAfterCrash(script, args, report) {
  for (let attempt = 1; ; attempt++) {
    const how = endOf(script, args);
    if (how === undefined) return;
    if (attempt === ATTEMPTS) throw new Error(`${script} ${how} ${ATTEMPTS} times on end`);
    report(`${script} ${how}: attempt ${attempt + 1} of ${ATTEMPTS}`);
  }
}

/** undefined when it succeeded. */
function endOf(script, args) {
  const { status, signal, error } = spawnSync(process.execPath, [script, ...args], {
    stdio: 'inherit',
    timeout: LONGEST_MS,
  });
  if (status === 0) return undefined;
  if (status === FAULTY_SOURCES) throw new Error(`${script} found the sources at fault: see above`);
  if (signal !== null) return `was ended by ${signal}`;
  if (status !== null) return `ended with ${status}`;
  throw error;
}
