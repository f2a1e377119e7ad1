// The command line of a script: --help prints the comment at its head, and what is wrong with it is told in one line.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';

/** EX_USAGE of sysexits.h. */
const USAGE = 64;

/**
 * As `parseArgs` of the script that Node was started with; ends it for --help, and for what it does not know.
 * @template {import('node:util').ParseArgsConfig} T
 * @param {T} [config]
 * @returns {ReturnType<typeof parseArgs<T>>}
 */
export function commandLine(config = {}) {
  const options = { ...config.options, help: { type: 'boolean', default: false } };
  const parsed = parsedOrRefused({ ...config, options });
  if (parsed.values.help) {
    process.stdout.write(headOf(readFileSync(process.argv[1], 'utf8')));
    process.exit(0);
  }
  return parsed;
}

/**
 * How the script was started, for the results that it writes.
 * @param {string} script
 * @returns {string}
 */
export function commandOf(script) {
  const words = process.argv
    .slice(2)
    .map((word) => (/^[\w.,=/-]+$/.test(word) ? word : `'${word}'`));
  return ['npx tsx', `scripts/${script}`, ...words].join(' ');
}

/**
 * Ends the script where `text` is no whole number from `least` on.
 * @param {string} option
 * @param {string} text
 * @param {number} least
 * @returns {number}
 */
export function wholeNumber(option, text, least) {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  return refuse(`--${option}: found '${text}', expected a whole number from ${least} on`);
}

/**
 * Those of `from` that are named, in the order of the names, which are separated by commas but may have commas within brackets;
 * all without names. Ends the script for a name that is unknown.
 * @template T
 * @param {string} option
 * @param {string | undefined} text
 * @param {readonly T[]} from
 * @param {(one: T) => string} nameOf
 * @returns {readonly T[]}
 */
export function chosen(option, text, from, nameOf) {
  if (text === undefined) return from;
  return text.split(/,(?![^(]*\))/).map((name) => {
    const found = from.find((one) => nameOf(one) === name);
    if (found !== undefined) return found;
    return refuse(`--${option}: ${name} is unknown: choose among ${from.map(nameOf).join(' ')}`);
  });
}

/**
 * Ends the script with one line.
 * @param {string} message
 * @returns {never}
 */
export function refuse(message) {
  process.stderr.write(`${basename(process.argv[1])}: ${message}; --help tells more\n`);
  process.exit(USAGE);
}

function parsedOrRefused(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS_')) throw error;
    const [message] = error.message.split('. ');
    return refuse(message);
  }
}

function headOf(script) {
  const [head] = /^(\/\/.*\n)+/.exec(script);
  return head.replaceAll(/^\/\/ ?/gm, '');
}
