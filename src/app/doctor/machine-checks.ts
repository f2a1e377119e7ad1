// What the doctor checks of this machine: pure, from facts that were read before.
import { KnownError } from '../../core/errors.ts';
import type { EngineName } from '../../models/load-engine.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** As package.json says under engines. */
const LEAST = [20, 19] as const;

/** `version` as in `process.version`; odd majors are never supported for long. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const least = LEAST.join('.');
  if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])) {
    return fail(
      'Node',
      `${version} is too old, expected ${least} or newer`,
      'sudo apt install nodejs',
    );
  }
  if (major % 2 === 1) {
    return warn('Node', `${version} gets no updates for long`, 'install an even major, e.g. 24');
  }
  return ok('Node', version);
}

/** A part of the program that was compiled for this machine, or a program beside it. */
export interface Part {
  readonly name: string;
  /** Rejects or throws when the part is not usable; may resolve with its version. */
  readonly load: () => Promise<string | undefined> | string | undefined;
  readonly mend: string;
}

export function checkParts(parts: readonly Part[]): Promise<Finding[]> {
  return Promise.all(parts.map(checkPart));
}

async function checkPart({ name, load, mend }: Part): Promise<Finding> {
  try {
    return ok(name, (await load()) ?? 'works');
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    return fail(name, `does not work: ${reason}`, mend);
  }
}

/** `load` resolves with the kernels that a daemon with this engine would run on. */
export async function checkKernels(
  engine: EngineName,
  load: (engine: EngineName) => Promise<{ readonly name: string }>,
): Promise<Finding> {
  try {
    const { name } = await load(engine);
    if (name !== 'plain' || engine === 'plain') return ok('kernels', name);
    return warn(
      'kernels',
      'plain JavaScript, several times slower: this processor or this Node has no WebAssembly SIMD',
      'run a 64-bit system, or a Node without --jitless',
    );
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return fail('kernels', error.message, 'set engine: auto');
  }
}

export interface Machine {
  readonly model: string;
  readonly isPi: boolean;
  readonly inContainer: boolean;
  readonly architecture: string;
  readonly processors: number;
  readonly memoryBytes: number;
}

export function checkMachine(machine: Machine): Finding {
  const { model, inContainer, architecture, processors, memoryBytes } = machine;
  const cores = `${processors} ${processors === 1 ? 'processor' : 'processors'}`;
  const size = `${architecture}, ${cores}, ${megabytes(memoryBytes)} of memory`;
  return ok('machine', `${model}${inContainer ? ', in a container' : ''}, ${size}`);
}

/** `controllers` is the text of /sys/fs/cgroup/cgroup.controllers; undefined where there is none. */
export function checkMemoryLimit(
  controllers: string | undefined,
  { isPi, inContainer }: Pick<Machine, 'isPi' | 'inContainer'>,
): Finding {
  if (inContainer) return ok('memory limit', 'that of the container: docker run --memory');
  if (controllers?.split(/\s+/).includes('memory')) {
    return ok('memory limit', 'the kernel enforces the limit of the unit');
  }
  return warn(
    'memory limit',
    'the kernel enforces none because its memory controller is off: only the daemon checks its memory',
    isPi
      ? 'add cgroup_enable=memory to /boot/firmware/cmdline.txt and reboot'
      : 'add cgroup_enable=memory to the command line of the kernel and reboot',
  );
}

export interface Clock {
  /** undefined = unknown. */
  readonly synchronised: boolean | undefined;
  readonly hasRtc: boolean;
}

export function checkClock(
  { synchronised, hasRtc }: Clock,
  { inContainer }: Pick<Machine, 'inContainer'>,
): Finding {
  if (synchronised === true) return ok('clock', 'synchronised');
  if (inContainer) return ok('clock', 'that of the host: have it synchronised there');
  const without = hasRtc ? '' : ', and there is no battery clock: it is wrong after a power cut';
  const found =
    synchronised === false ? 'not synchronised' : 'it is unknown whether it is synchronised';
  return warn('clock', `${found}${without}`, 'sudo timedatectl set-ntp true');
}

export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Below this the history may stop within the day. */
const LOW_BYTES = 200e6;
const FULL_BYTES = 20e6;

export function checkSpace(folder: string, { freeBytes, totalBytes }: Space): Finding {
  const found = `${megabytes(freeBytes)} of ${megabytes(totalBytes)} free in ${folder}`;
  const mend = 'free some, or keep less: store.scoreDays in the configuration';
  if (freeBytes < FULL_BYTES) return fail('disk space', found, mend);
  return freeBytes < LOW_BYTES ? warn('disk space', found, mend) : ok('disk space', found);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

export interface Access {
  readonly exists: boolean;
  readonly readable: boolean;
  readonly writable: boolean;
  /** Every user of this machine may read it. */
  readonly byAll: boolean;
}

export function checkState(folder: string, { exists, readable, writable }: Access): Finding {
  if (!exists) return ok('state folder', `${folder} is created at the first start`);
  if (readable && writable) return ok('state folder', `${folder} can be read and written`);
  return fail(
    'state folder',
    `this user may not ${readable ? 'write to' : 'read'} ${folder}`,
    `use sudo if it is the service's, else: sudo chown -R "$USER" ${folder}`,
  );
}

export function checkSecrecy(file: string, holdsPassword: boolean, { byAll }: Access): Finding {
  if (!holdsPassword) return ok('secrets', `${file} holds no password`);
  if (!byAll) return ok('secrets', `${file} holds a password, and other users cannot read it`);
  return warn(
    'secrets',
    `${file} holds a password, and every user of this machine can read it`,
    'put it in /etc/credstore/sentigon.mqtt and set passwordFile: sentigon.mqtt',
  );
}

export interface Device {
  readonly path: string;
  /** The group whose members may use it. */
  readonly group: string;
  readonly access: Access;
}

/** Only devices that the configuration uses. */
export function checkDevices(
  devices: readonly Device[],
  { isPi, inContainer }: Pick<Machine, 'isPi' | 'inContainer'>,
): Finding[] {
  return devices.map(({ path, group, access }) => {
    if (!access.exists) {
      const mend = isPi
        ? 'plug it in, or switch it on: sudo raspi-config, Interface Options'
        : inContainer
          ? `give it to the container: docker run --device ${path}`
          : 'plug it in, or load its driver';
      return fail('devices', `${path} does not exist`, mend);
    }
    if (access.readable && access.writable) return ok('devices', `${path} can be used`);
    return fail('devices', `this user may not use ${path}`, `sudo adduser "$USER" ${group}`);
  });
}
