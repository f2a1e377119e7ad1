// The twin of the simulator's engine: looks at every task and every unit in every cycle. The same rules, other code: nothing
// is queued, sorted beforehand or counted in bulk.
import type { Buffer } from '../../../src/lab/simulator/modules.ts';
import type { Datum, Program, Task, Unit } from '../../../src/lab/simulator/task.ts';

type D = Datum & { id: number; place: 'out' | 'in' | 'moving'; made: boolean; kept: boolean };
type T = Task & { key: number; left: number[]; begun: boolean; ended: boolean; inputs: D[] };
type Item = { key: number; load?: D; task: T };
type Busy = { task?: T; load?: D; spill?: D; unit: Unit; left: number };

/** Cycles of a program and of each stall; undefined where it cannot go on. */
export function stepThrough(program: Program) {
  const twin = new Twin(program);
  for (;;) {
    const before = [...twin.stalls];
    twin.blocked = undefined;
    for (const item of twin.items()) twin.begin(item);
    for (const { d, unit } of twin.lacking) twin.stallForRoom(d, unit);
    twin.lacking = [];
    if (twin.busy.length > 0) twin.step();
    else if (twin.tasks.every(({ ended }) => ended)) return twin;
    else if (!twin.makeRoom(before)) return undefined;
  }
}

class Twin {
  cycles = 0;
  stalls = [0, 0, 0, 0, 0, 0, 0];
  tasks: T[];
  busy: Busy[] = [];
  blocked: { d: D; item: Item } | undefined;
  data: D[];
  units: Program['units'];
  capacity: Program['capacity'];
  arrivals: D[] = [];
  lacking: { d: D; unit: Unit }[] = [];
  seen = new Set<D>();
  ports = { data: 0, mask: 0 };
  reserved: D | undefined;

  constructor({ tasks, data, units, capacity }: Program) {
    [this.units, this.capacity] = [units, capacity];
    this.data = data.map((d, id): D => {
      return { ...d, id, place: 'out', made: d.inMemory, kept: d.inMemory };
    });
    this.tasks = tasks.map((t, key): T => {
      const inputs = this.data.filter(({ id }) => t.reads.includes(id));
      return { ...t, key, inputs, left: [...t.tiles], begun: false, ended: false };
    });
  }
  readers = (d: D) => this.tasks.filter((t) => d.readers.includes(t.key) && !t.ended);
  next = (d: D) => this.readers(d)[0]?.key ?? -1;
  free = (unit: Unit) => this.units[unit] - this.busy.filter((b) => b.unit === unit).length;
  stall = (reason: number, n = 1) => this.stalls.splice(reason, 1, (this.stalls[reason] ?? 0) + n);
  lacks = (d: D, of: Buffer) =>
    [d, ...this.arrivals].reduce(
      (sum, one) => sum + (of === 'mask' ? one.maskBytes : one.buffer === of ? one.bytes : 0),
      0,
    ) > this.capacity[of];
  helps = (old: D, d: D) =>
    old.place === 'in' &&
    ((old.buffer === d.buffer && this.lacks(d, d.buffer)) || this.lacks(d, 'mask'));

  leave(d: D): void {
    this.arrivals = this.arrivals.filter((other) => other !== d);
    d.place = 'out';
  }

  items(): Item[] {
    const ready = this.tasks.filter(
      (t) =>
        t.left.length > 0 && t.inputs.every((d) => d.made) && (this.tasks[t.after]?.ended ?? true),
    );
    const loads = this.data
      .filter((d) => d.kept && d.made && d.place === 'out' && this.next(d) >= 0)
      .filter((d) => (d.inMemory && !this.seen.has(d)) || ready.some((t) => t.inputs.includes(d)))
      .map((load): Item => ({ load, key: this.next(load), task: this.readers(load)[0] as T }))
      .sort((a, b) => a.key - b.key);
    const heads = loads.filter(
      (one) => one === loads.find(({ load }) => load?.buffer === one.load?.buffer),
    );
    const all = [...heads, ...ready.map((task): Item => ({ key: task.key, task }))];
    return all.sort((a, b) => a.key - b.key);
  }

  begin(item: Item): void {
    const { load, task } = item;
    const { unit, left } = task;
    if (load && this.free('memory') > 0 && this.getsRoom(load, item)) {
      this.busy.push({ load, unit: 'memory', left: load.cycles });
    }
    if (load) return;
    if (task.inputs.some((d) => d.place !== 'in')) this.stall(6);
    else if (unit === 'store') this.store(item);
    else {
      for (; left.length > 0 && this.free(unit) > 0; task.begun = true)
        this.busy.push({ task, unit, left: left.shift() ?? 0 });
      if (left.length > 0) this.stall(5);
    }
  }

  store(item: Item): void {
    const { task } = item;
    if (this.ports.data > 0) this.stall(0);
    else if (this.ports.mask > 0) this.stall(1);
    else if (this.getsRoom(this.data[task.writes] as D, item)) {
      this.ports = { data: task.left.shift() ?? 0, mask: task.maskCycles };
      this.busy.push({ task, unit: 'store', left: Math.max(this.ports.data, this.ports.mask) });
    }
  }

  getsRoom(d: D, item: Item): boolean {
    const isOthers = this.reserved !== undefined && this.reserved !== d;
    const unneeded = () =>
      isOthers ? undefined : this.arrivals.find((a) => this.next(a) < 0 && this.helps(a, d));
    for (let old = unneeded(); old; old = unneeded()) this.leave(old);
    if (isOthers || this.lacks(d, d.buffer) || this.lacks(d, 'mask')) {
      this.lacking.push({ d, unit: item.load ? 'memory' : 'store' });
      if (!isOthers) this.blocked ??= { d, item };
      return false;
    }
    this.arrivals.push(d);
    this.seen.add(d);
    [d.place, this.reserved] = ['moving', undefined];
    return true;
  }

  stallForRoom(d: D, unit: Unit): void {
    const isOthers = this.reserved !== undefined && this.reserved !== d;
    const reason = isOthers || this.lacks(d, d.buffer) ? 2 : 3;
    if (this.free(unit) > 0 && (unit === 'memory' || this.ports.data <= 0)) this.stall(reason);
    else if (unit === 'store') this.stall(0);
  }

  makeRoom(stalls: number[]): boolean {
    const { d, item } = this.blocked ?? {};
    const [victim] = this.arrivals
      .filter((a) => d && this.helps(a, d) && (a.buffer === d.buffer || !this.lacks(d, d.buffer)))
      .filter((a) => !(item?.load && item.task.inputs.includes(a)))
      .sort((a, b) => this.next(b) - this.next(a) || a.id - b.id);
    [this.stalls, this.reserved] = [stalls, d]; // no time has passed
    if (victim?.kept) this.leave(victim);
    else if (victim) {
      victim.place = 'moving';
      this.busy.push({ spill: victim, unit: 'memory', left: victim.cycles });
    }
    return victim !== undefined;
  }

  step(): void {
    this.stall(4, this.tasks.filter((t) => t.begun && !t.ended && t.unit !== 'memory').length);
    this.cycles += 1;
    this.ports = { data: this.ports.data - 1, mask: this.ports.mask - 1 };
    for (const one of this.busy) one.left -= 1;
    const done = this.busy.filter(({ left }) => left === 0);
    this.busy = this.busy.filter(({ left }) => left > 0);
    for (const { task, load, spill } of done) {
      if (load) load.place = 'in';
      if (spill) this.leave(Object.assign(spill, { kept: true }));
      if (task && task.left.length === 0 && !this.busy.some((b) => b.task === task)) this.end(task);
    }
  }

  end(task: T): void {
    task.ended = true;
    const made = this.data[task.writes];
    if (made) Object.assign(made, task.unit === 'store' ? { place: 'in' } : { kept: true });
    if (made) made.made = true;
  }
}
