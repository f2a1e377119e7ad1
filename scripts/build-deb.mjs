// Builds the Debian package, for this machine or for another:
//   node scripts/build-deb.mjs [amd64|arm64|armhf] [folder]       default: this machine's, and dist-deb
// and beside it the program alone as an archive, which `sentigon update` puts where npm had put it.
// Needs a built dist (npm run build), npm's registry, and for another machine its cross compiler.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { commandLine, refuse } from './command-line.mjs';
import { CONFFILES, controlText, SCRIPTS, SYSUSERS, UDEV_RULES } from './deb/control.mjs';
import { buildNative, MACHINES } from './deb/native.mjs';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = 'usr/lib/sentigon';

/** What the program reads at run time; `datasets` is for the demo. */
const PARTS = ['dist', 'systemd', 'datasets', 'package.json', 'LICENSE'];

/** What only builds, and native parts that nothing has built: gpiomon reads GPIO lines instead of onoff. */
const NEEDLESS = [
  'better-sqlite3/deps',
  'better-sqlite3/src',
  'onoff',
  'epoll',
  'nan',
  'node-addon-api',
  '@types',
  '.bin',
];

/** Returns the path of the package and how its native part came about. */
export async function buildDeb(arch, folder) {
  if (!existsSync(join(REPOSITORY, 'dist/main.js'))) throw new Error('no dist: run npm run build');
  const stage = mkdtempSync(join(tmpdir(), 'sentigon-deb-'));
  try {
    const program = join(stage, PROGRAM);
    mkdirSync(program, { recursive: true });
    for (const part of PARTS)
      cpSync(join(REPOSITORY, part), join(program, part), { recursive: true });
    const native = addModules(program, arch);
    await addSystem(stage);
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
    addControl(stage, version, arch);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `sentigon_${version}_${arch}.deb`);
    execFileSync('dpkg-deb', ['--build', '--root-owner-group', '-Zxz', stage, path], {
      stdio: 'ignore',
    });
    const archive = join(folder, `sentigon-${version}-${arch}.tar.gz`);
    execFileSync('tar', [
      '-czf',
      archive,
      '--owner=0',
      '--group=0',
      '-C',
      dirname(program),
      'sentigon',
    ]);
    return { path, native, archive };
  } finally {
    rmSync(stage, { recursive: true });
  }
}

function addModules(program, arch) {
  cpSync(join(REPOSITORY, 'package-lock.json'), join(program, 'package-lock.json'));
  const quiet = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['ci', ...quiet], { cwd: program, stdio: 'inherit' });
  const modules = join(program, 'node_modules');
  const sqlite = join(modules, 'better-sqlite3');
  const native = buildNative(sqlite, arch, join(REPOSITORY, 'node_modules/better-sqlite3'));
  keepOnly(join(sqlite, 'build', 'Release'), 'better_sqlite3.node');
  for (const path of NEEDLESS) rmSync(join(modules, path), { recursive: true, force: true });
  keepPrebuilds(modules, MACHINES[arch].node);
  rmSync(join(program, 'package-lock.json'));
  return native;
}

function keepOnly(folder, name) {
  const kept = join(dirname(dirname(folder)), name);
  renameSync(join(folder, name), kept);
  rmSync(dirname(folder), { recursive: true });
  mkdirSync(folder, { recursive: true });
  renameSync(kept, join(folder, name));
}

/** Some packages bring native parts for all machines of the world. */
function keepPrebuilds(modules, nodeArch) {
  for (const name of readdirSync(modules, { recursive: true })) {
    const [, machine] = /prebuilds\/([^/]+)$/.exec(name) ?? [];
    if (machine && machine !== `linux-${nodeArch}`) {
      rmSync(join(modules, name), { recursive: true, force: true });
    }
  }
}

async function addSystem(stage) {
  const put = (path, text) => {
    mkdirSync(join(stage, dirname(path)), { recursive: true });
    writeFileSync(join(stage, path), text);
  };
  const { exampleConfig } = await import(
    pathToFileURL(join(REPOSITORY, 'dist/app/config/example.js')).href
  );
  put('etc/sentigon/config.yaml', exampleConfig);
  put('usr/lib/sysusers.d/sentigon.conf', SYSUSERS);
  put('usr/lib/udev/rules.d/60-sentigon.rules', UDEV_RULES);
  for (const unit of readdirSync(join(REPOSITORY, 'systemd'))) {
    put(`usr/lib/systemd/system/${unit}`, readFileSync(join(REPOSITORY, 'systemd', unit), 'utf8'));
  }
  const documents = { 'README.md': 'README.md', 'CHANGELOG.md': 'changelog', LICENSE: 'copyright' };
  for (const [from, to] of Object.entries(documents)) {
    put(`usr/share/doc/sentigon/${to}`, readFileSync(join(REPOSITORY, from), 'utf8'));
  }
  cpSync(join(REPOSITORY, 'docs'), join(stage, 'usr/share/doc/sentigon/docs'), { recursive: true });
  chmodSync(join(stage, PROGRAM, 'dist/main.js'), 0o755);
  mkdirSync(join(stage, 'usr/bin'), { recursive: true });
  symlinkSync('../lib/sentigon/dist/main.js', join(stage, 'usr/bin/sentigon'));
}

function addControl(stage, version, arch) {
  const size = execFileSync('du', ['-sk', stage], { encoding: 'utf8' });
  const control = join(stage, 'DEBIAN');
  mkdirSync(control);
  writeFileSync(
    join(control, 'control'),
    controlText({ version, arch, installedKb: Number.parseInt(size, 10) }),
  );
  writeFileSync(join(control, 'conffiles'), CONFFILES);
  for (const [name, text] of Object.entries(SCRIPTS)) {
    writeFileSync(join(control, name), text);
    chmodSync(join(control, name), 0o755);
  }
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', stage]);
}

export function hostArch() {
  return Object.keys(MACHINES).find((arch) => MACHINES[arch].node === process.arch);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals } = commandLine({ allowPositionals: true });
  const [arch = hostArch(), folder = 'dist-deb'] = positionals;
  if (!(arch in MACHINES)) {
    refuse(`found '${arch}', expected ${Object.keys(MACHINES).join(', ')}`);
  }
  const { path, native } = await buildDeb(arch, folder);
  console.log(`${path} (better-sqlite3 ${native})`);
}
