// What a live stream has beside its pipeline: rows for the next training, models to choose from, an eye on drift, and
// what all of them remember.
import { rmSync, statSync } from 'node:fs';

import type { Source } from '../../core/source.ts';
import { openRowRing, type RowRing } from '../../io/rows/row-ring.ts';
import type { Model } from '../../models/model.ts';
import { type ComposedStages, floorOver } from '../compose.ts';
import { type DriftWatch, watchDrift } from '../retraining/drift-watch.ts';
import { type ModelArchive, openArchive } from '../retraining/model-archive.ts';
import { createSteward, type Steward } from '../retraining/steward.ts';
import { sameChannels } from './channels.ts';
import { keepRows } from './keep-rows.ts';
import { memoryOf, prepare } from './prepare.ts';
import type { Stream } from './stream.ts';
import { type Switchable, switchable } from './switchable-stages.ts';
import type { Watch } from './watch-context.ts';

export interface Life {
  /** The source, whose rows are kept. */
  readonly kept: Source;
  /** The pipeline's stages, whose model may change. */
  readonly switching: Switchable;
  /** Writes what is worth keeping. */
  end(): void;
}

/** A crash costs at most what was learnt in this time; a card is written 24 times a day. */
const REMEMBER_MS = 3_600_000;
/** How late a training may begin. */
const LOOK_MS = 60_000;

const HOUR_MS = 3_600_000;
const MEGABYTE = 1e6;

/** `source` has the channels of the model. */
export async function beginLife(
  stream: Stream,
  model: Model,
  source: Source,
  stages: ComposedStages,
  context: Watch,
): Promise<Life> {
  const rows = ringOf(stream, model, context);
  const archive = await archiveOf(stream, model, context);
  const residence = new Residence(stream, context, rows, { model, stages });
  const steward = archive && stewardOf(stream, residence, archive, rows, context);
  const { desk } = context.outlet;
  const leave = desk.stewards.enter(stream.id, { drift: () => residence.drift.drift(), steward });
  const remembering = setInterval(() => residence.remember(), REMEMBER_MS).unref();
  const looking = setInterval(() => void steward?.look(), LOOK_MS).unref();
  return {
    kept: rows ? keepRows(source, rows, context.clockIsSet) : source,
    switching: residence.switching,
    end() {
      clearInterval(remembering);
      clearInterval(looking);
      leave();
      residence.remember();
      rows?.flush();
    },
  };
}

/** The model of the moment, with what belongs to it. */
class Residence {
  readonly #stream: Stream;
  readonly #context: Watch;
  readonly #rows: RowRing | undefined;
  readonly switching: Switchable;
  model: Model;
  drift: DriftWatch;

  constructor(
    stream: Stream,
    context: Watch,
    rows: RowRing | undefined,
    { model, stages }: { readonly model: Model; readonly stages: ComposedStages },
  ) {
    this.#stream = stream;
    this.#context = context;
    this.#rows = rows;
    this.model = model;
    this.drift = this.#driftOf(model);
    this.switching = switchable(this.#seen(stages));
  }

  /** Throws a `KnownError` when the stream cannot run with it. */
  check(model: Model): void {
    sameChannels(this.model, model, this.#stream.id);
    prepare(this.#stream, model, this.#context);
  }

  /** Alerts that are open go on, and the new windows begin with the rows that came last. */
  replace(model: Model): void {
    const { id } = this.#stream;
    this.switching.exchange((beforeMs) => {
      const { health } = this.switching.stages;
      this.remember();
      this.model = model;
      this.drift = this.#driftOf(model);
      const stages = prepare(this.#stream, model, this.#context);
      this.#fill(stages, beforeMs);
      this.#context.log.info({ streamId: id, model: model.id, detector: model.kind }, 'watching');
      this.#context.outlet.desk.watching(id, model);
      return this.#seen({ ...stages, health });
    });
  }

  remember(): void {
    try {
      memoryOf(this.#stream, this.model).remember(this.switching.stages.threshold.state());
      this.drift.remember();
    } catch (error) {
      // a full disk: the level of the model is a good one too
      const { message } = error as Error;
      this.#context.log.warn({ streamId: this.#stream.id }, `alert level not kept: ${message}`);
    }
  }

  #fill({ windower, detector }: ComposedStages, beforeMs: number): void {
    if (!this.#rows) return;
    const { timeMs, values } = this.#rows.newest(detector.windowLength + 1);
    const width = this.model.channels.length;
    for (const [row, time] of timeMs.entries()) {
      if (time >= beforeMs) return;
      const cells = values.subarray(row * width, (row + 1) * width);
      windower.push({ streamId: this.#stream.id, timeMs: time, values: cells });
    }
  }

  #seen(stages: ComposedStages): ComposedStages {
    return {
      ...stages,
      observe: (report) => {
        stages.observe(report);
        this.drift.see(report);
      },
    };
  }

  #driftOf(model: Model): DriftWatch {
    const { id: streamId, config, memoryPath } = this.#stream;
    return watchDrift({
      streamId,
      model,
      driftHours: config.retrain.driftHours,
      path: `${memoryPath}/${model.id}.drift.json`,
      log: this.#context.log,
    });
  }
}

function ringOf({ id, config, rowsPath }: Stream, model: Model, { log }: Watch) {
  const { keepHours, writeMbPerDay } = config.retrain;
  if (config.model !== undefined || keepHours === 0) return undefined;
  return openRowRing({
    folder: rowsPath,
    channels: model.channels,
    keepMs: keepHours * HOUR_MS,
    bytesPerDay: writeMbPerDay * MEGABYTE,
    onFault: ({ message }) => log.warn({ streamId: id }, `rows are not kept: ${message}`),
  });
}

/** undefined where the model is a file of the user's, or the disk does not take another. */
async function archiveOf(
  { id, config, archivePath, learntPath, memoryPath }: Stream,
  model: Model,
  { log }: Watch,
): Promise<ModelArchive | undefined> {
  if (config.model !== undefined) return undefined;
  const forget = (modelId: string): void => {
    for (const end of ['json', 'drift.json']) {
      rmSync(`${memoryPath}/${modelId}.${end}`, { force: true });
    }
  };
  const most = config.retrain.keepModels;
  const setup = { folder: archivePath, livePath: learntPath, most, forget };
  try {
    return await openArchive(setup, model, statSync(learntPath).mtime.toISOString());
  } catch (error) {
    // a KnownError, or what the file system says: the stream is watched all the same
    log.warn({ streamId: id }, `models are not kept: ${(error as Error).message}`);
    return undefined;
  }
}

function stewardOf(
  stream: Stream,
  residence: Residence,
  archive: ModelArchive,
  rows: RowRing | undefined,
  { outlet, log, signal }: Watch,
): Steward {
  const { id: streamId, config, kinds } = stream;
  return createSteward({
    plugins: kinds.plugins,
    ...{ streamId, config, rows, archive, log, signal },
    exclusions: (fromMs, toMs) => outlet.exclusions(streamId, fromMs, toMs),
    live: () => ({
      model: residence.model,
      learnt: residence.switching.stages.threshold.state(),
      floor: floorOver(
        outlet.desk.normalHeight(streamId, residence.model.id),
        config.alerts.closeBelow,
      ),
    }),
    drifted: () => residence.drift.drift() !== undefined,
    check: (model) => residence.check(model),
    replace: (model) => residence.replace(model),
    takeTurn: outlet.desk.stewards.takeTurn,
    now: Date.now,
  });
}
