// A daemon in a process of its own that learns from rows on its standard input, watches, learns again and goes back to its
// first model. It has no broker: its log says what it does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const STREAM = 'machine';

/** As few steps as find a plain fault: each takes long on an emulated processor. */
const NETWORK = { rows: 12, patch: 3, steps: 150, batch: 16 };

/** Enough for an alert level that the fault exceeds. */
const LEARNED_ROWS = 1000;
/** Watched before the second training, and again after the return to the first model. */
const WATCHED_ROWS = 160;
/** Rows of those that are watched in which the temperature no longer follows the power. */
const FAULT = { from: 60, to: 90, celsius: 30 };

const START_MS = Date.UTC(2026, 0, 1);

/** Far more than all of it takes where the processor is emulated and the machine busy. */
const TIMEOUT_MS = 1_800_000;

/**
 * Runs it in a new `folder`. `command` starts the program, `options` are added to those of its training. Returns what the file
 * of its first model holds, the records of `sentigon ctl models` at three times but for their dates, and the two alerts as
 * they opened. Throws when the daemon ends, refuses a request or takes too long.
 */
export async function learnAndWatch(command, folder, options) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'sentigon.yaml'), JSON.stringify(configuration(options)));
  const daemon = startDaemon(command, folder);
  const ctl = (...words) => askDaemon(command, folder, words);
  const recordsOf = async () => {
    const { models } = await ctl('models', `stream=${STREAM}`);
    return models.map(({ trainedAt: _, ...record }) => record);
  };
  try {
    daemon.hears(machineRows(0, LEARNED_ROWS));
    await daemon.says(({ msg }) => msg === 'watching');
    const file = modelFile(folder);
    const first = await anomalyFrom(daemon, LEARNED_ROWS);
    const afterLesson = await recordsOf();
    await ctl('retrain', `stream=${STREAM}`, 'force=true');
    const afterTraining = await recordsOf();
    await ctl('rollback', `stream=${STREAM}`);
    const second = await anomalyFrom(daemon, LEARNED_ROWS + WATCHED_ROWS);
    const atEnd = await recordsOf();
    return { file, records: { afterLesson, afterTraining, atEnd }, alerts: [first, second] };
  } finally {
    await daemon.stop();
  }
}

function configuration(options) {
  const learn = { rows: LEARNED_ROWS, longest: 1, detector: 'forecaster' };
  return {
    node: 'pi',
    state: 'state',
    embedded: { enabled: false },
    streams: [
      {
        id: STREAM,
        source: { kind: 'stdin' },
        learn: { ...learn, options: { ...NETWORK, ...options } },
        health: { maxAgeMs: 0 }, // while it answers requests it hears no rows, on a slow processor for minutes
      },
    ],
    sinks: [{ kind: 'log' }],
  };
}

/** The anomaly that opens on the fault in the rows from `row` on, once it is closed. */
async function anomalyFrom(daemon, row) {
  daemon.hears(machineRows(row, WATCHED_ROWS, FAULT));
  const { alert } = await daemon.says(({ alert }) => alert?.event_type === 'opened');
  await daemon.says(({ alert }) => alert?.event_type === 'closed');
  return alert;
}

/** JSON lines of a machine whose temperature follows its power, one a second. */
function machineRows(from, count, fault) {
  const line = (_, i) => {
    const row = from + i;
    const load = Math.sin(row / 30);
    const isFaulty = fault && i >= fault.from && i < fault.to;
    const values = {
      power: 10 + 2 * load + noise(2 * row),
      temperature: 50 + 5 * load + 2 * noise(2 * row + 1) + (isFaulty ? fault.celsius : 0),
    };
    return `${JSON.stringify({ time: START_MS + 1000 * row, values })}\n`;
  };
  return Array.from({ length: count }, line).join('');
}

/** -0.5 to 0.5, always the same for a number. */
function noise(number) {
  const large = 43_758.5453 * Math.sin(number);
  return large - Math.floor(large) - 0.5;
}

function startDaemon([program, ...words], cwd) {
  const stdio = ['pipe', 'pipe', 'inherit'];
  const child = spawn(program, [...words, 'run'], { cwd, stdio });
  const ended = once(child, 'close');
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  child.stdin.on('error', () => undefined); // `says` tells that it has ended
  const log = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last = 'nothing';
  return {
    hears: (lines) => void child.stdin.write(lines),
    /** The next event of the log that is one of those; earlier ones are past. */
    async says(isOne) {
      for (;;) {
        const { value, done } = await log.next();
        if (done) throw new Error(`the daemon has ended; its log ends with ${last}`);
        last = value;
        const event = JSON.parse(value);
        if (isOne(event)) return event;
      }
    },
    async stop() {
      clearTimeout(timer);
      child.kill();
      await ended;
    },
  };
}

/** What the running daemon answers to `sentigon ctl`. */
async function askDaemon([program, ...words], cwd, request) {
  const stdio = ['ignore', 'pipe', 'inherit'];
  const child = spawn(program, [...words, 'ctl', ...request], { cwd, stdio });
  const ended = once(child, 'close');
  const answer = await text(child.stdout);
  const [code] = await ended;
  if (code !== 0)
    throw new Error(`sentigon ctl ${request.join(' ')} ended with ${code}: ${answer}`);
  return JSON.parse(answer);
}

/** What a starting daemon would read: how the model was made smaller, and how many numbers its tensors have. */
function modelFile(folder) {
  const bytes = readFileSync(join(folder, 'state/models', `${STREAM}.safetensors`));
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())));
  const { __metadata__: metadata, ...tensors } = header;
  const sizes = Object.values(tensors).map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const { compression } = JSON.parse(metadata.card);
  return { compression, numbers: sizes.reduce((a, b) => a + b, 0) };
}
