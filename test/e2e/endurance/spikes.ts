// A channel that rests at 0 and has spikes, each of which is an alert of several states.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeModel } from '../../../src/app/models/model-folder.ts';
import { tinyModel } from '../../app/tiny-model.ts';
import type { Running } from '../sentigon.ts';

/** Time between two rows, ms. */
export const ROW_MS = 50;

/** Heights of a spike: an info, a warning, a critical alert, then its end. */
const RISE = [1.2, 2, 9];

export interface Spikes {
  /** Rows from one spike to the next. */
  readonly period: number;
  /** Rows that a spike lasts. */
  readonly length: number;
}

/** The value of row `row`; a period begins with its spike. */
export function spikeAt(row: number, { period, length }: Spikes): number {
  const within = row % period;
  return within < length ? (RISE[within] ?? 9) : 0;
}

/** Writes each row to standard input when it falls due, from now on; returns what ends that. */
export function speakSpikes(
  { child }: Pick<Running, 'child'>,
  spikes: Spikes,
  lineOf: (timeMs: number, value: number) => string = spokenLine,
): () => void {
  const timer = setInterval(() => {
    const row = Math.floor(Date.now() / ROW_MS);
    child.stdin?.write(`${lineOf(row * ROW_MS, spikeAt(row, spikes))}\n`);
  }, ROW_MS);
  return () => clearInterval(timer);
}

export function spokenLine(timeMs: number, value: number): string {
  return JSON.stringify({ time: timeMs, a: value });
}

/** YAML for parts of the configuration that an attack is about. */
export interface SpikeSettings {
  /** Options of the broker beside its url. */
  readonly broker?: string;
  /** Sections beside the others. */
  readonly sections?: string;
  /** Streams beside those of `sources`. */
  readonly streams?: string;
  readonly sinks?: string;
}

/**
 * A model whose score is the value of the one channel `a`, and a configuration that watches the source of each stream with
 * it, so that each spike is an alert of its own, and nothing else is one.
 */
export async function writeSpikeStreams(
  folder: string,
  url: string,
  sources: Readonly<Record<string, string>>,
  {
    broker = '',
    sections = '',
    streams: others = '',
    sinks = '[{kind: mqtt}]',
  }: SpikeSettings = {},
): Promise<void> {
  const model = tinyModel({ kind: 'robust-z', intervalMs: ROW_MS });
  await writeModel(join(folder, 'spikes.safetensors'), model);
  const streams = Object.entries(sources).map(
    ([id, source]) => `  - id: ${id}
    source: ${source}
    model: spikes.safetensors
    threshold: {kind: fixed, level: 1}
    alerts: {openCount: 1, openWithin: 1, closeAfter: 1, coolDownMs: 0}
    health: {maxAgeMs: 0, stuckAfterMs: 0}`,
  );
  writeFileSync(
    join(folder, 'sentigon.yaml'),
    `node: pi
state: state
broker: {url: "${url}", ${broker}}
${sections}
streams:
${[...streams, others].join('\n')}
sinks: ${sinks}
`,
  );
}
