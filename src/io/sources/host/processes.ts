// Which processes use most of a resource, from /proc: names, ids and numbers, never arguments. Reading all of /proc is not cheap,
// so it is done once a minute, and when an alert asks.
//
// Of the processes of other users, a user may not see what they read and write and which files they have open: shares of disk
// and files are those among the processes that can be read. None is named where the others are hidden (hidepid, ProtectProc).
import { readdirSync, readFileSync } from 'node:fs';
import type { AlertProcess } from '../../../core/alert.ts';

/** What processes can be ranked by. */
export type Resource = 'cpu' | 'memory' | 'disk' | 'files' | 'forks';

/** Of the channels of the host; network traffic is not counted for each process. */
const RESOURCES: readonly (readonly [RegExp, Resource])[] = [
  [
    /^(cpu\.(user|system|interrupt|temperature|throttled)|load\.|pressure\.cpu|processes\.running)/,
    'cpu',
  ],
  [/^(memory\.(used|cached)|swap\.|pressure\.memory)/, 'memory'],
  [/^(disk\.|memory\.dirty|pressure\.io|cpu\.iowait|processes\.blocked)/, 'disk'],
  [/^(files\.|sockets\.)/, 'files'],
  [/^processes\.(forks|switches)/, 'forks'],
];

/** What a channel of the host measures the use of; undefined = nothing that processes can be ranked by. */
export function resourceOf(channelId: string): Resource | undefined {
  return RESOURCES.find(([pattern]) => pattern.test(channelId))?.[1];
}

/** Processes that are named, and the least share of each. */
const MOST_NAMED = 3;
const LEAST_SHARE = 0.05;
/** Use is the difference to a look at least so long ago, milliseconds. */
const LEAST_AGE_MS = 10_000;

/** Counters of one process. */
interface Counters {
  readonly pid: number;
  readonly name: string;
  /** Start since boot, ticks: with the pid it names a process. */
  readonly start: string;
  readonly parent: number;
  /** Ticks. */
  readonly cpu: number;
  /** Pages. */
  readonly memory: number;
  /** Page faults of children that have ended: the kernel counts no children, and each has a hundred or more. */
  readonly childFaults: number;
  /** Bytes read from and written to disks; NaN = not allowed. */
  readonly disk: number;
}

interface Look {
  readonly timeMs: number;
  /** Ticks of all processors in programs and the kernel, also for processes that have ended or are out of sight. */
  readonly busy: number;
  readonly byId: ReadonlyMap<string, Counters>;
}

/** A child that still runs counts like so many faults. */
const FAULTS_OF_CHILD = 100;

export class ProcessTable {
  readonly #proc: string;
  readonly #now: () => number;
  /** Newest last; at most two. */
  #looks: readonly Look[] = [];

  /** `root` is the folder that holds proc. `now` is a clock that is not set, milliseconds. */
  constructor(root: string, now: () => number = () => performance.now()) {
    this.#proc = `${root}/proc`;
    this.#now = now;
  }

  /** To be called at a low rate; O(processes). */
  look(): void {
    this.#looks = [...this.#looks.slice(-1), this.#read()];
  }

  /** The processes that used most of it since a recent look, greatest share first; empty = unknown. O(processes). */
  mostOf(resource: Resource): readonly AlertProcess[] {
    // where the first process is hidden, all those of other users are: what is left would seem to do everything
    if (textOf(`${this.#proc}/1/stat`) === undefined) return [];
    const now = this.#read();
    const before = this.#looks.findLast(({ timeMs }) => now.timeMs - timeMs >= LEAST_AGE_MS);
    const since = before ?? this.#looks[0];
    const used = this.#usedOf(resource, now, since);
    const known = used.reduce((sum, { amount }) => sum + amount, 0);
    const busy = resource === 'cpu' && since ? now.busy - since.busy : 0;
    const whole = Math.max(known, busy || 0);
    if (!(whole > 0)) return [];
    return used
      .map(({ of: { name, pid }, amount }) => ({ name, pid, share: amount / whole }))
      .filter(({ share }) => share >= LEAST_SHARE)
      .sort((a, b) => b.share - a.share)
      .slice(0, MOST_NAMED);
  }

  #usedOf(resource: Resource, { byId }: Look, before: Look | undefined) {
    const known = [...byId.values()];
    // without an earlier look, a counter since the start of a process says nothing about now
    const since = (count: (of: Counters) => number) => (of: Counters, id: string) => {
      const earlier = before?.byId.get(id);
      if (!before) return 0;
      return Math.max(0, count(of) - (earlier ? count(earlier) : 0)) || 0;
    };
    const isNew = (of: Counters): boolean => before?.byId.has(idOf(of)) === false;
    const amounts: Readonly<Record<Resource, (of: Counters, id: string) => number>> = {
      cpu: since(({ cpu }) => cpu),
      memory: ({ memory }) => memory,
      disk: since(({ disk }) => disk),
      files: ({ pid }) => this.#filesOf(pid),
      forks: (of, id) => {
        const children = known.filter((child) => child.parent === of.pid && isNew(child)).length;
        return since(({ childFaults }) => childFaults)(of, id) + FAULTS_OF_CHILD * children;
      },
    };
    return [...byId].map(([id, of]) => ({ of, amount: amounts[resource](of, id) }));
  }

  #read(): Look {
    const counters = listOf(this.#proc)
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => this.#countersOf(pid) ?? []);
    const byId = new Map(counters.map((of) => [idOf(of), of]));
    return { timeMs: this.#now(), busy: busyTicks(textOf(`${this.#proc}/stat`) ?? ''), byId };
  }

  /** undefined = it has ended meanwhile. */
  #countersOf(pid: string): Counters | undefined {
    const stat = textOf(`${this.#proc}/${pid}/stat`);
    const end = stat?.lastIndexOf(')') ?? -1; // a name may hold brackets and spaces
    if (!stat || end < 0) return undefined;
    const fields = stat.slice(end + 2).split(' ');
    const field = (place: number): number => Number(fields[place - 3]);
    const io = textOf(`${this.#proc}/${pid}/io`);
    return {
      pid: Number(pid),
      name: printable(stat.slice(stat.indexOf('(') + 1, end)),
      start: fields[22 - 3] ?? '',
      parent: field(4),
      cpu: field(14) + field(15),
      memory: field(24),
      childFaults: field(11),
      disk:
        io === undefined
          ? Number.NaN
          : bytesAfter(io, 'read_bytes') + bytesAfter(io, 'write_bytes'),
    };
  }

  /** 0 = not allowed. */
  #filesOf(pid: number): number {
    return listOf(`${this.#proc}/${pid}/fd`).length;
  }
}

function idOf({ pid, start }: Counters): string {
  return `${pid} ${start}`;
}

/** Of the first line of proc/stat: user, nice, system, and time in interrupts. */
function busyTicks(stat: string): number {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    stat.split('\n', 1)[0] ?? ''
  )
    .split(/\s+/)
    .map(Number);
  return user + nice + system + irq + softirq;
}

function bytesAfter(io: string, key: string): number {
  return Number(new RegExp(`^${key}: (\\d+)`, 'm').exec(io)?.[1] ?? Number.NaN);
}

/** A process may call itself anything, also what a terminal obeys. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?');
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not allowed, or the process has ended
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // not allowed, or the process has ended
  }
}
