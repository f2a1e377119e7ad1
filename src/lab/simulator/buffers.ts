// What lies in the buffers of a running program: room, the oldest data that nothing needs leave, and who leaves in need.
import { ConfigError } from '../../core/errors.ts';
import type { Datum, Program } from './task.ts';

/** A datum is on its way in or out, or it lies in its buffer. */
type Place = 'absent' | 'arriving' | 'there' | 'leaving';

export class Buffers {
  readonly held = { activation: 0, weight: 0, mask: 0 };
  readonly most = { activation: 0, weight: 0, mask: 0 };
  readonly #data: readonly Datum[];
  readonly #capacity: Program['capacity'];
  readonly #places: Place[];
  readonly #inMemory: boolean[];
  readonly #readersLeft: number[];
  /** In the order in which they got room. */
  readonly #order: number[] = [];

  constructor({ data, capacity }: Pick<Program, 'data' | 'capacity'>) {
    this.#data = data;
    this.#capacity = capacity;
    this.#places = data.map(() => 'absent');
    this.#inMemory = data.map(({ inMemory }) => inMemory);
    this.#readersLeft = data.map(({ readers }) => readers.length);
  }

  isThere(datum: number): boolean {
    return this.#places[datum] === 'there';
  }

  /** Whether it must be loaded before it can be read. */
  mustLoad(datum: number): boolean {
    const isNeeded = (this.#readersLeft[datum] as number) > 0;
    return isNeeded && this.#places[datum] === 'absent' && this.#inMemory[datum] === true;
  }

  /** Which buffer has no room for it; undefined = it has its place now. */
  takeRoom(datum: number): 'data' | 'mask' | undefined {
    const { buffer, bytes, maskBytes } = this.#data[datum] as Datum;
    for (const old of this.#unneeded()) {
      if (!this.lackFor(datum)) break;
      if (this.#helps(old, datum)) this.remove(old);
    }
    const lack = this.lackFor(datum);
    if (lack) return lack;
    const { held } = this;
    held[buffer] += bytes;
    held.mask += maskBytes;
    this.most[buffer] = Math.max(this.most[buffer], held[buffer]);
    this.most.mask = Math.max(this.most.mask, held.mask);
    this.#places[datum] = 'arriving';
    this.#order.push(datum);
    return undefined;
  }

  /** Oldest first. */
  #unneeded(): readonly number[] {
    return this.#order.filter((old) => this.isThere(old) && this.#readersLeft[old] === 0);
  }

  /** Which buffer has no room for it as it is. */
  lackFor(datum: number): 'data' | 'mask' | undefined {
    const { buffer, bytes, maskBytes } = this.#data[datum] as Datum;
    if (this.held[buffer] + bytes > this.#capacity[buffer]) return 'data';
    return this.held.mask + maskBytes > this.#capacity.mask ? 'mask' : undefined;
  }

  #helps(old: number, datum: number): boolean {
    const { buffer, bytes, maskBytes } = this.#data[datum] as Datum;
    const isSame = (this.#data[old] as Datum).buffer === buffer;
    if (isSame && this.held[buffer] + bytes > this.#capacity[buffer]) return true;
    return this.held.mask + maskBytes > this.#capacity.mask;
  }

  arrive(datum: number): void {
    this.#places[datum] = 'there';
  }

  remove(datum: number): void {
    const { buffer, bytes, maskBytes } = this.#data[datum] as Datum;
    this.held[buffer] -= bytes;
    this.held.mask -= maskBytes;
    this.#places[datum] = 'absent';
    this.#order.splice(this.#order.indexOf(datum), 1);
  }

  /** One of its readers has ended. */
  release(datum: number): void {
    this.#readersLeft[datum] = (this.#readersLeft[datum] as number) - 1;
  }

  keepInMemory(datum: number): void {
    this.#inMemory[datum] = true;
  }

  /**
   * The datum that is needed last, of those whose leaving makes room for `datum`; none of `kept`. `nextUse` is the task that
   * reads a datum next.
   */
  victimFor(
    datum: number,
    lack: 'data' | 'mask',
    kept: readonly number[],
    nextUse: (datum: number) => number,
  ): { readonly datum: number; readonly isInMemory: boolean } | undefined {
    const { buffer } = this.#data[datum] as Datum;
    let [found, latest] = [-1, -1];
    for (const old of [...this.#order].sort((a, b) => a - b)) {
      if (this.#places[old] !== 'there' || kept.includes(old)) continue;
      if (lack === 'data' && (this.#data[old] as Datum).buffer !== buffer) continue;
      const use = nextUse(old);
      if (use > latest) [found, latest] = [old, use];
    }
    if (found < 0) return undefined;
    return { datum: found, isInMemory: this.#inMemory[found] === true };
  }

  leave(datum: number): void {
    this.#places[datum] = 'leaving';
  }

  /** The end of a program that cannot go on, since nothing may leave for what a task needs. */
  noRoom(
    { datum, lack }: { readonly datum: number; readonly lack: 'data' | 'mask' },
    task: string,
  ): ConfigError {
    const { name, buffer, bytes, maskBytes } = this.#data[datum] as Datum;
    const [where, needs] = lack === 'data' ? [buffer, bytes] : (['mask', maskBytes] as const);
    const [holds, used] = [this.#capacity[where], this.held[where]];
    return new ConfigError(
      `${task} cannot go on: ${name} needs ${needs} bytes of the ${where} buffer, which holds ${holds} with ${used} in use: take a larger buffer, fewer windows at a time or a smaller network`,
      { code: 'SEN_CFG_SIMULATION' },
    );
  }
}
