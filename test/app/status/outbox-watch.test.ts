import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/app/log.ts';
import { watchOutbox } from '../../../src/app/status/outbox-watch.ts';
import { createProblems } from '../../../src/app/status/problems.ts';
import { StoreError } from '../../../src/core/errors.ts';
import type { Backlog } from '../../../src/core/store.ts';

function watched(sinkIds: readonly string[]) {
  const said: string[] = [];
  const log = createLog({
    level: 'info',
    style: 'json',
    write: (line) => said.push(JSON.parse(line).msg),
  });
  const problems = createProblems(log);
  const state = {
    backlog: { waiting: {}, setAside: {}, dropped: 0 } as Backlog,
    sinkIds,
    nowMs: 0,
  };
  const watch = watchOutbox({
    store: { backlog: () => state.backlog },
    problems,
    sinkIds: () => state.sinkIds,
    clock: () => state.nowMs,
  });
  return { watch, state, said, messages: () => problems.messages() };
}

describe('watch of the outbox', () => {
  it('says whose alerts nobody sends, until a sink of that name is there or they are gone (#18)', () => {
    const { watch, state, said, messages } = watched(['mqtt']);
    state.backlog = { waiting: { mqtt: 40, mqtt2: 3 }, setAside: { mqtt2: 1 }, dropped: 0 };
    let woken = 0;
    watch.begin(() => (woken += 1));
    const stranded =
      "4 alert states wait for sink 'mqtt2', which is not configured: sentigon ctl outbox moves or drops them";
    expect(messages()).toEqual([stranded]);
    watch.look();
    expect(said).toEqual([stranded]); // once
    state.sinkIds = ['mqtt2'];
    state.backlog = { waiting: { mqtt: 1 }, setAside: {}, dropped: 0 };
    watch.changed();
    expect(woken).toBe(1);
    expect(messages()).toEqual([
      "1 alert state waits for sink 'mqtt', which is not configured: sentigon ctl outbox moves or drops it",
    ]);
    state.backlog = { waiting: {}, setAside: {}, dropped: 0 };
    watch.look();
    expect(messages()).toEqual([]);
  });

  it('says what was set aside', () => {
    const { watch, state, messages } = watched(['log']);
    state.backlog = { waiting: {}, setAside: { log: 1 }, dropped: 0 };
    watch.look();
    expect(messages()).toEqual([
      "1 alert state was set aside, sink 'log' cannot send it: sentigon ctl outbox lists it",
    ]);
  });

  it('says which sink fails by a bug, until it sends, has nothing to send or is there no more', () => {
    const { watch, state, messages } = watched(['log', 'mqtt']);
    state.backlog = { waiting: { log: 1, mqtt: 1 }, setAside: {}, dropped: 0 };
    const bug = (id: string) =>
      `sink '${id}' fails because of a bug, its alerts wait: x is undefined`;
    watch.broken('log', 'x is undefined');
    watch.broken('mqtt', 'x is undefined');
    watch.works('other');
    expect(messages()).toEqual([bug('log'), bug('mqtt')]);
    watch.works('log');
    expect(messages()).toEqual([bug('mqtt')]);
    state.backlog = { waiting: { log: 1 }, setAside: {}, dropped: 0 };
    watch.changed();
    expect(messages()).toEqual([]);
    watch.broken('log', 'x is undefined');
    state.sinkIds = [];
    watch.look();
    expect(messages().join()).not.toContain('fails because of a bug');
  });

  it('goes by what it last knew while the store cannot be read', () => {
    const { watch, state, messages } = watched([]);
    state.backlog = { waiting: { old: 2 }, setAside: {}, dropped: 1 };
    watch.look();
    const full = new StoreError('cannot be read');
    Object.defineProperty(state, 'backlog', {
      get: () => {
        throw full;
      },
    });
    expect(watch.look()).toEqual({ waiting: { old: 2 }, setAside: {}, dropped: 1 });
    expect(messages()).toHaveLength(1);
  });

  it('has a sink that fails for more than ten minutes as a problem until it sends (#21)', () => {
    const { watch, state, messages } = watched(['webhook']);
    state.backlog = { waiting: { webhook: 1 }, setAside: {}, dropped: 0 };
    watch.failing('webhook', 'answered 500');
    state.nowMs = 599_000;
    watch.failing('webhook', 'answered 500');
    expect(messages()).toEqual([]);
    state.nowMs = 7 * 86_400_000;
    watch.failing('webhook', 'answered 500');
    watch.look();
    expect(messages()).toEqual([
      "sink 'webhook' has sent nothing for more than 10 minutes, its alerts wait: answered 500",
    ]);
    watch.works('webhook');
    expect(messages()).toEqual([]);
    watch.failing('webhook', 'answered 500');
    expect(messages()).toEqual([]);
  });
});
