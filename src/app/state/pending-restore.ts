// The second half of a restore. From the moment that its plan lies in the state folder, by one rename, the new state is the
// one that counts, and whoever comes next carries the plan out to its end; before that moment the old state is untouched.
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StoreError } from '../../core/errors.ts';
import { giveTo, openAnew } from './state-files.ts';

/** All names are of the state folder: the file may be the service's while root reads it. */
const plan = z.strictObject({
  /** Folder with what comes. */
  incoming: z.string().regex(/^incoming-\w+$/),
  /** Folder for what was there. */
  former: z.string().regex(/^before-restore-[\w-]+$/),
  /** What was there. */
  leaves: z.array(z.string().regex(/^[\w-]+(\.[\w-]+)*$/)),
  /** What comes. */
  comes: z.array(z.string().regex(/^[\w-]+(\.[\w-]+)*$/)),
});

export type RestorePlan = Readonly<z.infer<typeof plan>>;

const PLAN = 'restore.json';

export function isRestorePending(state: string): boolean {
  return existsSync(join(state, PLAN));
}

/** Commits the restore: the plan and all that `incoming` holds are on the disk when it returns. */
export function beginRestore(state: string, begun: RestorePlan): void {
  const incoming = join(state, begun.incoming);
  syncAll(incoming);
  const part = join(incoming, PLAN);
  const file = openAnew(part);
  try {
    writeFileSync(file, JSON.stringify(begun));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  giveTo(statSync(state), part);
  renameSync(part, join(state, PLAN));
  sync(state);
}

/**
 * Carries out the plan that lies in the state folder, from wherever it was left. Returns the folder with the former state;
 * undefined = nothing was pending, or nothing was there before. Throws `StoreError`; it can be called again then.
 */
export function finishRestore(state: string): string | undefined {
  if (!isRestorePending(state)) return undefined;
  try {
    return carryOut(state, plan.parse(JSON.parse(readFileSync(join(state, PLAN), 'utf8'))));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? 'its plan is damaged' : (cause as Error).message;
    throw new StoreError(
      `a restore into ${state} was interrupted and cannot be finished: ${reason}: fix that, or move ${PLAN}, incoming-* and before-restore-* elsewhere and restore again`,
      { code: 'SEN_STO_RESTORE_PENDING', cause },
    );
  }
}

function carryOut(
  state: string,
  { incoming, former, leaves, comes }: RestorePlan,
): string | undefined {
  const [from, aside] = [join(state, incoming), join(state, former)];
  if (leaves.length > 0 && !existsSync(aside)) {
    mkdirSync(aside, { mode: 0o700 });
    giveTo(statSync(state), aside);
  }
  for (const name of leaves) move(name, state, aside);
  for (const name of comes) move(name, from, state);
  if (leaves.length > 0) sync(aside);
  sync(state);
  rmSync(from, { recursive: true, force: true });
  rmSync(join(state, PLAN));
  return leaves.length > 0 ? aside : undefined;
}

/** Unless it was moved before: what leaves has left before anything comes in its place. */
function move(name: string, from: string, to: string): void {
  if (exists(join(to, name)) || !exists(join(from, name))) return;
  for (const folder of [from, to]) {
    if (!lstatSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
  }
  renameSync(join(from, name), join(to, name));
}

/** Also a link that leads nowhere. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function syncAll(path: string): void {
  const status = lstatSync(path);
  if (status.isDirectory()) for (const name of readdirSync(path)) syncAll(join(path, name));
  else if (!status.isFile()) return;
  sync(path);
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
