// A release as a Debian package in the place of another, which is packed again first: no archive may still have it.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DeviceError, UpdateError } from '../../core/errors.ts';
import { exampleConfig } from '../config/example.ts';
import { thisMachine } from '../service/machine.ts';
import { SERVICE_CONFIG } from '../service/places.ts';
import { outputOf } from '../service/system-programs.ts';
import type { Replacement } from './exchange.ts';

const NAME = 'sentigon';
/** What dpkg keeps beside the files of a package, that a package of them needs. */
const CONTROL_FILES = ['preinst', 'postinst', 'prerm', 'postrm'];
/** Fields that dpkg adds when it installs. */
const ADDED = /^(Status|Conffiles|Config-Version):.*\n( .*\n)*/gm;

export function replacePackage(deb: string, staging: string, version: string): Replacement {
  const previous = join(staging, 'previous.deb');
  return {
    prepare() {
      requirePackage(deb, version);
      packAgain(previous, staging);
    },
    put() {
      const before = statusOf();
      try {
        // keeps the owner's configuration, without a question
        thisMachine.run('dpkg', '--install', '--force-confold', '--force-confdef', deb);
      } catch (cause) {
        if (statusOf() !== before) throw cause;
        // apt had dpkg for itself, say
        throw new UpdateError(`nothing was changed: ${(cause as Error).message}`, {
          code: 'SEN_UPD_NOT_REPLACED',
          cause,
        });
      }
    },
    back: () =>
      thisMachine.run('dpkg', '--install', '--force-confold', '--force-downgrade', previous),
    keep() {
      rmSync(deb, { force: true });
      return previous;
    },
  };
}

function requirePackage(deb: string, version: string): void {
  const field = (name: string) => outputOf('dpkg-deb', '--field', deb, name)?.trim();
  const [name, found, arch] = ['Package', 'Version', 'Architecture'].map(field);
  const here = outputOf('dpkg', '--print-architecture')?.trim();
  if (name === NAME && found === version && arch === here) return;
  throw new UpdateError(
    `${deb} is ${name ?? 'no package'} ${found ?? ''} for ${arch ?? 'nothing'}, expected ${NAME} ${version} for ${here}`,
    { code: 'SEN_UPD_WRONG_FILE' },
  );
}

/** From what is installed, as dpkg-repack does. */
function packAgain(to: string, staging: string): void {
  const stage = mkdtempSync(join(staging, 'stage-'));
  try {
    for (const path of listed('--listfiles')) copyInto(stage, path);
    // as delivered: with the owner's file in its place dpkg would take it for unchanged, and replace it
    const config = join(stage, SERVICE_CONFIG);
    mkdirSync(dirname(config), { recursive: true });
    writeFileSync(config, exampleConfig);
    const control = join(stage, 'DEBIAN');
    mkdirSync(control);
    writeFileSync(join(control, 'conffiles'), `${SERVICE_CONFIG}\n`);
    writeFileSync(join(control, 'control'), statusOf().replaceAll(ADDED, ''));
    for (const path of listed('--control-path')) {
      const name = CONTROL_FILES.find((each) => path.endsWith(`.${each}`));
      if (name) cpSync(path, join(control, name));
    }
    thisMachine.run('chmod', '-R', 'u=rwX,go=rX', stage); // as delivered, with any umask of root
    thisMachine.run('dpkg-deb', '--build', '--root-owner-group', '-Zgzip', stage, `${to}.part`);
    renameSync(`${to}.part`, to);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Changes with its version and with every step of its installation. */
function statusOf(): string {
  return queried('--status');
}

function queried(what: string): string {
  const text = outputOf('dpkg-query', what, NAME);
  if (text === undefined)
    throw new DeviceError(`dpkg-query ${what} ${NAME} failed: try it`, { code: 'SEN_DEV_COMMAND' });
  return text;
}

function listed(what: string): string[] {
  return queried(what)
    .split('\n')
    .filter((path) => path.startsWith('/') && path !== '/.');
}

/** Folders are made and not copied: others have files in them. */
function copyInto(stage: string, path: string): void {
  if (!existsSync(path)) return; // removed by the owner
  const target = join(stage, path);
  if (lstatSync(path).isDirectory()) mkdirSync(target, { recursive: true });
  else {
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target, { verbatimSymlinks: true, preserveTimestamps: true });
  }
}
