// What a stream has learnt since training, kept from one run of the daemon to the next: the state of its threshold, by model, the
// usual ranges of its channels, which outlive a model, and until when its open alerts were seen to last.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ChannelUsual } from '../../models/model.ts';
import { channelsUsual } from '../../models/model-metadata.ts';
import type { Choice } from '../config/choice.ts';

/** A state belongs to one model and one setting; with any other the threshold is fitted anew. */
export interface ThresholdKey {
  readonly modelId: string;
  readonly choice: Choice;
}

export interface ThresholdMemory {
  /** undefined when nothing that fits is remembered. */
  recall(): unknown;
  /** Whether there is a state that does not fit: of another model, threshold or setting. */
  hasOther(): boolean;
  /** Throws what the file system throws. */
  remember(state: unknown): void;
}

const record = z.object({ modelId: z.string(), choice: z.unknown(), state: z.unknown() });

export function thresholdMemory(path: string, { modelId, choice }: ThresholdKey): ThresholdMemory {
  const find = () => {
    const found = record.safeParse(readJson(path)).data;
    return { found, fits: found?.modelId === modelId && sameSetting(found.choice, choice) };
  };
  return {
    recall() {
      const { found, fits } = find();
      return fits ? found?.state : undefined;
    },
    hasOther() {
      const { found, fits } = find();
      return found !== undefined && !fits;
    },
    remember: (state) => writeJson(path, { modelId, choice, state }),
  };
}

export interface UsualMemory {
  /** Empty when nothing is remembered. */
  recall(): readonly ChannelUsual[];
  /** Forgets the channels of `except`. Throws what the file system throws. */
  remember(usual: readonly ChannelUsual[], except?: ReadonlySet<string>): void;
}

export function usualMemory(path: string): UsualMemory {
  return {
    recall: () => channelsUsual.safeParse(readJson(path)).data ?? [],
    remember(usual, except) {
      if (usual.length > 0)
        writeJson(path, except ? usual.filter(({ id }) => !except.has(id)) : usual);
    },
  };
}

/** Of each open alert its last row that was not quiet, by id, in ms. */
export interface OpenUntilMemory {
  /** Empty when nothing is remembered. */
  recall(): ReadonlyMap<string, number>;
  /** Throws what the file system throws. */
  remember(until: ReadonlyMap<string, number>): void;
}

const untilById = z.record(z.string(), z.number());

export function openUntilMemory(path: string): OpenUntilMemory {
  return {
    recall: () => new Map(Object.entries(untilById.safeParse(readJson(path)).data ?? {})),
    remember(until) {
      if (until.size > 0) writeJson(path, Object.fromEntries(until));
    },
  };
}

/** A power cut leaves the old file or the new one. */
function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, JSON.stringify(value));
  renameSync(`${path}.tmp`, path);
}

/** Absent or damaged is nothing to remember: it is our own file, and the model has all that is needed instead. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function sameSetting(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
