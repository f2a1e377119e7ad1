// One event per line on standard output: JSON for machines, priorities for journald, words on a terminal.
import { type Logger, pino } from 'pino';

export type Log = Logger;
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogStyle = 'json' | 'journald' | 'terminal';

export interface LogOptions {
  readonly level: LogLevel;
  readonly style: LogStyle;
  readonly write: (line: string) => void;
}

/** Field names whose values never reach a log, two levels deep. */
const SECRETS = ['password', 'token', 'secret'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

export function createLog({ level, style, write }: LogOptions): Log {
  return pino(
    {
      level,
      // journald adds time, process and host by itself
      ...(style === 'json' ? {} : { base: null, timestamp: style === 'terminal' }),
      redact: { paths: SECRETS, censor: '[hidden]' },
    },
    { write: (line) => write(render[style](line)) },
  );
}

const render: Readonly<Record<LogStyle, (line: string) => string>> = {
  json: (line) => line,
  journald: (line) => `<${priorityOf(parse(line).level)}>${line}`,
  terminal: (line) => inWords(parse(line)),
};

interface LogRecord {
  readonly level: number;
  readonly time?: number;
  readonly msg?: string;
  readonly [field: string]: unknown;
}

function parse(line: string): LogRecord {
  return JSON.parse(line) as LogRecord; // pino wrote it a moment ago
}

/** pino's levels as syslog priorities, most urgent first. */
const priorities = [
  { from: 60, priority: 2, word: 'FATAL' },
  { from: 50, priority: 3, word: 'ERROR' },
  { from: 40, priority: 4, word: 'WARN ' },
  { from: 30, priority: 6, word: 'INFO ' },
  { from: 0, priority: 7, word: 'DEBUG' },
] as const;

function rankOf(level: number) {
  return priorities.find((rank) => level >= rank.from) ?? priorities[4];
}

function priorityOf(level: number): number {
  return rankOf(level).priority;
}

function inWords({ level, time, msg, ...fields }: LogRecord): string {
  const clock = new Date(time ?? 0).toTimeString().slice(0, 8);
  const details = Object.entries(fields)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
  return `${clock} ${rankOf(level).word} ${msg ?? ''}${details}\n`;
}
