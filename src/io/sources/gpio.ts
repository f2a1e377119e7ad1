// Pulses on input pins: flow meters, fans, door contacts, PWM signals.
import { DeviceError } from '../../core/errors.ts';
import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { dueTimes } from './due-times.ts';
import { type EdgeReader, monotonicMs } from './gpio/edge-reader.ts';
import { channelsOf, type GpioOptions, gpioOptions, valuesOf } from './gpio/gpio-options.ts';
import { createGpiomonReader } from './gpio/gpiomon.ts';
import { createOnoffReader } from './gpio/onoff.ts';
import { PulseCounter } from './gpio/pulse-counter.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

/** Edges of GPIO lines, counted per step. The daemon reopens it when its reader ends. */
export const gpioSource: SourcePlugin<GpioOptions> = {
  kind: 'gpio',
  summary: 'pulses and levels of GPIO lines',
  options: gpioOptions,
  create: (options, context) => createGpioSource(options, context, readerFor(options, context)),
};

/** Longest time of an edge from the kernel to the daemon; a later edge counts in the next step. */
const SETTLE_MS = 50;

/** Share of its length by which a step may differ. */
const STRETCH = 0.25;

/**
 * Samples of the edges that `reader` reports. Steps are cut on the monotonic clock of the kernel, which is that of the edges.
 * The end of a step is computed from the time that has passed since its wall-clock time: setting the clock moves the times
 * of samples, but no pulse is lost or stretched.
 */
export function createGpioSource(
  options: GpioOptions,
  { streamId }: SourceContext,
  reader: EdgeReader,
): Source {
  const { lines } = options;
  const channels = channelsOf(lines);
  return {
    id: `gpio:${lines.map(({ line }) => line).join(',')}`,
    channels,
    live: true,
    async *samples(signal) {
      if (signal.aborted) return;
      const opened = await reader.open(lines, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (!opened) return;
      const startMs = monotonicMs();
      const counters = opened.levels.map((level) => new PulseCounter(level, startMs));
      const ended = new AbortController();
      const until = AbortSignal.any([signal, ended.signal]);
      let failure: unknown;
      const watching = opened
        .watch(({ index, rising, atMs }) => counters[index]?.edge(rising, atMs), until)
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => ended.abort());
      try {
        yield* steps(options, counters, streamId, until);
        await watching;
        if (failure) throw failure;
      } finally {
        ended.abort();
        await watching;
      }
    },
  };
}

async function* steps(
  { lines, intervalMs }: GpioOptions,
  counters: readonly PulseCounter[],
  streamId: string,
  signal: AbortSignal,
): AsyncGenerator<Sample> {
  let lastMs = Number.NaN;
  for await (const timeMs of dueTimes(intervalMs, signal, { delayMs: SETTLE_MS })) {
    const endMs = monotonicMs() - (Date.now() - timeMs);
    const pulses = counters.map((counter) => counter.step(endMs));
    // left out: the first step, which is incomplete, and a step that a slow consumer or a set clock has stretched
    const whole = Math.abs(endMs - lastMs - intervalMs) < intervalMs * STRETCH;
    if (whole) yield { streamId, timeMs, values: valuesOf(lines, pulses) };
    lastMs = endMs;
  }
}

function readerFor(
  { chip, gpiodFolder: folder, root, reader }: GpioOptions,
  { warn = () => undefined }: SourceContext,
): EdgeReader {
  const gpiomon = createGpiomonReader({ chip, folder });
  const onoff = createOnoffReader({ chip, root });
  if (reader === 'auto') return firstOf(gpiomon, onoff, warn);
  return reader === 'gpiomon' ? gpiomon : onoff;
}

/** The first reader, or the second on a device without the first. */
function firstOf(
  first: EdgeReader,
  second: EdgeReader,
  warn: (message: string) => void,
): EdgeReader {
  return {
    open: (lines, signal) =>
      first.open(lines, signal).catch((error: unknown) => {
        if (!(error instanceof DeviceError)) throw error;
        warn(`${error.message}; trying onoff`);
        return second.open(lines, signal);
      }),
  };
}
