import { rmSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { keepModel, readModel } from '../../../src/app/models/model-folder.ts';
import { createStreamTasks } from '../../../src/app/streams/stream-tasks.ts';
import { DeviceError, SourceError } from '../../../src/core/errors.ts';
import { names } from '../daemon/setup.ts';
import { machineModel } from '../recording.ts';
import { sourceOf, surroundings } from './watching.ts';

/** Stands still after ten rows, until it is stopped. */
const waiting = () =>
  sourceOf(true, (row, signal) => {
    if (row < 10) return;
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  });

describe('the streams that run', () => {
  it('leave no open alert and no problem behind when one that fails is removed', async () => {
    const failing = sourceOf(true, () => {
      throw new DeviceError('there is no program');
    });
    const { stream, context, saved, problems } = await surroundings(failing);
    const streamTasks = createStreamTasks(context);
    await streamTasks.exchange([], [stream]);
    await vi.waitUntil(() => saved.length > 0, { timeout: 60_000 });
    expect(problems.messages()).toHaveLength(1);
    await streamTasks.exchange(['machine'], []);
    expect(names(saved)).toEqual([`${saved[0]?.id} opened`, `${saved[0]?.id} closed`]);
    expect(problems.messages()).toEqual([]);
    await streamTasks.over();
  });

  it('are not over while others are about to begin', async () => {
    const { stream, context } = await surroundings(sourceOf(false));
    const next = await surroundings(waiting());
    const streamTasks = createStreamTasks(context);
    await streamTasks.exchange([], [stream]);
    let isOver = false;
    const over = streamTasks.over().then(() => {
      isOver = true;
    });
    await streamTasks.exchange([], [{ ...next.stream, id: 'other' }], async () => {
      await vi.waitUntil(() => streamTasks.running().length === 0, { timeout: 60_000 });
    });
    expect(isOver).toBe(false);
    expect(streamTasks.running()).toEqual(['other']);
    await streamTasks.close();
    await over;
  });

  it('begin no more once they were told to end', async () => {
    const { stream, context } = await surroundings(waiting());
    const streamTasks = createStreamTasks(context);
    await streamTasks.exchange([], [stream], () => streamTasks.close());
    expect(streamTasks.running()).toEqual([]);
  });

  it('go on with what one has learnt since its new configuration was read', async () => {
    const { stream, context, models, learntPath } = await surroundings(waiting());
    const { model: _, ...unlearnt } = stream;
    const streamTasks = createStreamTasks(context);
    rmSync(learntPath);
    await streamTasks.exchange([], [{ ...unlearnt, model: undefined }]);
    const learnt = await machineModel();
    await streamTasks.exchange(['machine'], [{ ...unlearnt, model: undefined }], () =>
      keepModel(learntPath, learnt),
    );
    await vi.waitUntil(() => models.length > 0, { timeout: 60_000 });
    expect(models).toEqual([learnt.id]);
    expect((await readModel(learntPath)).id).toBe(learnt.id);
    await streamTasks.close();
  });

  it('do not fail by an error of one that was told to stop', async () => {
    const failing = sourceOf(true, (row, signal) => {
      if (row < 10) return;
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new SourceError('connection lost'))),
      );
    });
    const { stream, context, problems } = await surroundings(failing, {
      model: undefined,
    });
    const streamTasks = createStreamTasks(context);
    await streamTasks.exchange([], [stream, { ...stream, id: 'other', source: waiting() }]);
    await streamTasks.exchange(['machine'], []);
    expect(problems.messages()).toEqual([]);
    await streamTasks.close();
    await streamTasks.over();
  });
});
