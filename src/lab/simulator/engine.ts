// Runs a program in jumps from one event to the next. Deterministic: the same program takes the same cycles each time.
//
// At a moment, what ends at it is taken off its units; then tasks begin in their order, each datum that a task lacks just
// before it, as far as units, the memory port and room in the buffers allow:
// - a task on lanes, softmax or norm units needs all it reads in the buffers, and takes as many free units as it has tiles;
// - a store needs the port of the activation buffer, that of the mask buffer, and room; a load the memory port and room;
// - weights and inputs are loaded in the order of use, as early as there is room; what left its buffer while it was still needed,
//   when a task that waits for it could begin;
// - for room, the oldest data that nothing needs leave. If nothing runs and nothing can begin, data that are needed last leave
//   for the first item that waits; what main memory does not have is written back before. If none can leave, nothing can go on.
import { Buffers } from './buffers.ts';
import { EventQueue } from './event-queue.ts';
import { type Load, LoadQueue } from './loads.ts';
import { Meter, REASONS } from './meter.ts';
import type { Move, Run } from './run.ts';
import type { Datum, Program, Task } from './task.ts';

/** Throws `ConfigError` that names task, buffer and bytes where a program cannot go on. */
export function run(program: Program): Run {
  return new Machine(program).run();
}

/** Kinds of events. */
const TILES = 0;
const LOADED = 1;
const WRITTEN = 2;
/** A port is free again. */
const PORT = 3;
const DATA_PORT = 0;
const MASK_PORT = 1;

/** What waits for room, as a task or as a load just before one. */
interface Blocked {
  readonly key: number;
  readonly datum: number;
  readonly lack: 'data' | 'mask';
  readonly isLoad: boolean;
}

interface Lack extends Pick<Blocked, 'datum'> {
  readonly unit: 'memory' | 'store';
}

class Machine {
  readonly #program: Program;
  readonly #buffers: Buffers;
  readonly #meter: Meter;
  readonly #loads: LoadQueue;
  readonly #events = new EventQueue();
  /** By task: tiles that have not begun, tiles that run, and what must end before it. */
  readonly #left: Int32Array;
  readonly #running: Int32Array;
  readonly #waits: Int32Array;
  readonly #done: Uint8Array;
  readonly #after: number[][];
  readonly #spans: { begin: number; end: number }[];
  readonly #moves: Move[] = [];
  /** Tasks that may begin or go on, in order. */
  #ready: number[] = [];
  #maskPortBusy = 0;
  #maskPortFreeAt = 0;
  /** Datum for which room is made; -1 = none. */
  #reserved = -1;
  #blocked: Blocked | undefined;
  /** What had no room in this pass. */
  readonly #lacking: Lack[] = [];
  #now = 0;

  constructor(program: Program) {
    const { tasks, data, units } = program;
    this.#program = program;
    this.#buffers = new Buffers(program);
    this.#meter = new Meter(units);
    this.#left = Int32Array.from(tasks, ({ tiles }) => tiles.length);
    this.#running = new Int32Array(tasks.length);
    this.#done = new Uint8Array(tasks.length);
    this.#waits = Int32Array.from(tasks, ({ reads, after }) => {
      const made = reads.filter((id) => !data[id]?.inMemory).length;
      return made + Number(after >= 0);
    });
    this.#after = tasks.map(() => []);
    for (const [i, { after }] of tasks.entries()) this.#after[after]?.push(i);
    this.#spans = tasks.map(() => ({ begin: -1, end: -1 }));
    this.#loads = new LoadQueue(data, (datum) => this.#nextUse(datum));
    this.#ready = [...this.#waits.keys()].filter((task) => this.#waits[task] === 0);
  }

  run(): Run {
    for (;;) {
      this.#begin();
      if (this.#events.size > 0) {
        this.#meter.pass(this.#events.next - this.#now);
        this.#now = this.#events.next;
        while (this.#events.next === this.#now) this.#events.take(this.#end);
      } else if (this.#done.every(Boolean)) break;
      else this.#makeRoom();
    }
    return {
      ...{ cycles: this.#now, spans: this.#spans, moves: this.#moves },
      ...{ use: this.#meter.use, stalls: [...this.#meter.stalls] },
      ...{ maskPortBusy: this.#maskPortBusy, held: { ...this.#buffers.most } },
    };
  }

  /** One pass over all that could begin, in order. */
  #begin(): void {
    this.#meter.clear();
    this.#blocked = undefined;
    this.#lacking.length = 0;
    const ready = this.#ready;
    const heads = this.#loads.heads(
      (datum) =>
        this.#buffers.mustLoad(datum) && ready.some((i) => this.#task(i).reads.includes(datum)),
    );
    let head = 0;
    for (const task of ready) {
      for (; (heads[head]?.key ?? Number.POSITIVE_INFINITY) <= task; head += 1) {
        this.#beginLoad(heads[head] as Load);
      }
      this.#beginTask(task);
    }
    for (const load of heads.slice(head)) this.#beginLoad(load);
    for (const each of this.#lacking) this.#stallForRoom(each);
    this.#ready = ready.filter((task) => (this.#left[task] as number) > 0);
  }

  #beginLoad({ datum, key }: Load): void {
    if (this.#meter.free.memory === 0 || !this.#takesRoom(datum, key, 'memory')) return;
    this.#loads.begin(datum);
    this.#move('load', datum, LOADED);
  }

  #move(kind: Move['kind'], datum: number, event: number): void {
    const end = this.#now + this.#datum(datum).cycles;
    this.#meter.free.memory = 0;
    this.#moves.push({ kind, datum, begin: this.#now, end });
    this.#events.add(end, event, datum, 1);
  }

  /** Counts the stall where there is none. */
  #takesRoom(datum: number, key: number, unit: 'memory' | 'store'): boolean {
    const isOthers = this.#reserved >= 0 && this.#reserved !== datum;
    const lack = isOthers ? 'data' : this.#buffers.takeRoom(datum);
    if (lack === undefined) {
      this.#reserved = -1;
      return true;
    }
    this.#lacking.push({ datum, unit });
    if (!isOthers) this.#blocked ??= { key, datum, lack, isLoad: unit === 'memory' };
    return false;
  }

  /** At the end of a pass, since others took room or the port in it. */
  #stallForRoom({ datum, unit }: Lack): void {
    const isOthers = this.#reserved >= 0 && this.#reserved !== datum;
    const isData = isOthers || this.#buffers.lackFor(datum) === 'data';
    if (this.#meter.free[unit] > 0) {
      this.#meter.stall(isData ? REASONS.dataFull : REASONS.maskFull, unit);
    } else if (unit === 'store') this.#meter.stall(REASONS.dataPort, unit);
  }

  #beginTask(index: number): void {
    const task = this.#task(index);
    const { unit } = task;
    if (!task.reads.every((datum) => this.#buffers.isThere(datum))) {
      this.#meter.stall(REASONS.operand, unit);
    } else if (unit === 'store') this.#beginStore(index, task);
    else if (this.#meter.free[unit] === 0) this.#meter.stall(REASONS.noUnit, unit);
    else this.#beginTiles(index, task);
  }

  #beginStore(index: number, { tiles, maskCycles, writes }: Task): void {
    if (this.#meter.free.store === 0) this.#meter.stall(REASONS.dataPort, 'store');
    else if (this.#maskPortFreeAt > this.#now) this.#meter.stall(REASONS.maskPort, 'store');
    else if (this.#takesRoom(writes, index, 'store')) {
      const data = tiles[0] as number;
      this.#meter.free.store = 0;
      this.#maskPortFreeAt = this.#now + maskCycles;
      this.#maskPortBusy += maskCycles;
      // A port may be free before the datum is there, for which the other port works longer.
      this.#events.add(this.#now + data, PORT, DATA_PORT, 1);
      this.#events.add(this.#maskPortFreeAt, PORT, MASK_PORT, 1);
      this.#events.add(this.#now + Math.max(data, maskCycles), TILES, index, 1);
      this.#starts(index, 1);
    }
  }

  /** As many as units are free; tiles of the same length are one event. */
  #beginTiles(index: number, { tiles, unit }: Task): void {
    const first = tiles.length - (this.#left[index] as number);
    const count = Math.min(this.#meter.free[unit], tiles.length - first);
    const lengths: number[] = [];
    const counts: number[] = [];
    for (let tile = first; tile < first + count; tile += 1) {
      const known = lengths.indexOf(tiles[tile] as number);
      if (known >= 0) counts[known] = (counts[known] as number) + 1;
      else counts[lengths.push(tiles[tile] as number) - 1] = 1;
    }
    for (const [i, length] of lengths.entries()) {
      this.#events.add(this.#now + length, TILES, index, counts[i] as number);
    }
    this.#meter.free[unit] -= count;
    if (first === 0 && unit !== 'memory') this.#meter.storesPending += 1;
    this.#starts(index, count);
    if (first + count < tiles.length) this.#meter.stall(REASONS.noUnit, unit);
  }

  #starts(index: number, count: number): void {
    const span = this.#spans[index] as { begin: number };
    if (span.begin === -1) span.begin = this.#now;
    this.#left[index] = (this.#left[index] as number) - count;
    this.#running[index] = (this.#running[index] as number) + count;
  }

  readonly #end = (kind: number, item: number, count: number): void => {
    if (kind === TILES) this.#endTiles(item, count);
    else if (kind === PORT && item === DATA_PORT) this.#meter.free.store = 1;
    else if (kind === LOADED || kind === WRITTEN) {
      this.#meter.free.memory = 1;
      if (kind === LOADED) this.#buffers.arrive(item);
      else this.#dropped(item);
    }
  };

  #endTiles(index: number, count: number): void {
    const { unit } = this.#task(index);
    if (unit !== 'store') this.#meter.free[unit] += count;
    this.#running[index] = (this.#running[index] as number) - count;
    if (this.#left[index] === 0 && this.#running[index] === 0) this.#endTask(index);
  }

  #endTask(index: number): void {
    const { unit, reads, writes } = this.#task(index);
    this.#done[index] = 1;
    (this.#spans[index] as { end: number }).end = this.#now;
    for (const datum of reads) this.#buffers.release(datum);
    if (unit !== 'store' && unit !== 'memory') this.#meter.storesPending -= 1;
    for (const next of this.#after[index] as number[]) this.#wait(next);
    if (writes < 0) return;
    if (unit === 'store') this.#buffers.arrive(writes);
    else {
      this.#buffers.keepInMemory(writes);
      this.#loads.gone(writes);
    }
    for (const reader of this.#datum(writes).readers) this.#wait(reader);
  }

  /** One thing less to wait for. */
  #wait(index: number): void {
    this.#waits[index] = (this.#waits[index] as number) - 1;
    if (this.#waits[index] !== 0) return;
    const place = this.#ready.findIndex((other) => other > index);
    this.#ready.splice(place < 0 ? this.#ready.length : place, 0, index);
  }

  #dropped(datum: number): void {
    this.#buffers.keepInMemory(datum);
    this.#buffers.remove(datum);
    this.#loads.gone(datum);
  }

  /** Nothing runs: a datum leaves for the first item that waits for room. */
  #makeRoom(): void {
    const blocked = this.#blocked;
    if (!blocked) throw new RangeError('a task of the program waits for what no task makes');
    const kept = blocked.isLoad ? this.#task(blocked.key).reads : [];
    const victim = this.#buffers.victimFor(blocked.datum, blocked.lack, kept, (datum) =>
      this.#nextUse(datum),
    );
    if (!victim) throw this.#buffers.noRoom(blocked, this.#task(blocked.key).name);
    this.#reserved = blocked.datum;
    if (victim.isInMemory) this.#dropped(victim.datum);
    else {
      this.#buffers.leave(victim.datum);
      this.#move('write back', victim.datum, WRITTEN);
    }
  }

  #nextUse(datum: number): number {
    const { readers } = this.#datum(datum);
    return readers.find((task) => this.#done[task] === 0) ?? -1;
  }

  #task(index: number): Task {
    return this.#program.tasks[index] as Task;
  }

  #datum(id: number): Datum {
    return this.#program.data[id] as Datum;
  }
}
