// Puts packages of scripts/build-deb.mjs into a repository for apt, and signs it:
//   node scripts/apt-repository.mjs FOLDER REPOSITORY --key FINGERPRINT [--suite stable] [--url URL]
// FOLDER holds the packages, REPOSITORY is made or added to: serve it as it is, at URL. The key is in the keyring of gpg, whose
// folder GNUPGHOME names; its public half and a ready sentigon.sources are put beside. Needs dpkg-dev and gpg.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { commandLine, refuse } from './command-line.mjs';
import { MACHINES } from './deb/native.mjs';

const POOL = 'pool/main/s/sentigon';
const COMPONENT = 'main';

/** Name of the public key, in the repository and on the machines that use it. */
const KEYRING = 'sentigon-archive-keyring.asc';

/** Returns the paths of what was added. Throws when a package of that name is there and differs: apt has cached it. */
export function addPackages(folder, repository) {
  const pool = join(repository, POOL);
  mkdirSync(pool, { recursive: true });
  const names = readdirSync(folder).filter((name) => /^sentigon_.+_[a-z0-9]+\.deb$/.test(name));
  if (names.length === 0) throw new Error(`${folder} holds no package: node scripts/build-deb.mjs`);
  return names.map((name) => {
    const [from, to] = [join(folder, name), join(pool, name)];
    if (existsSync(to) && !readFileSync(to).equals(readFileSync(from))) {
      throw new Error(`${to} differs from ${from}: raise the version, a published package stays`);
    }
    copyFileSync(from, to);
    return to;
  });
}

/** Writes the lists of all packages that the repository holds, and signs them. */
export function writeLists(repository, { key, suite, date }) {
  const dist = join(repository, 'dists', suite);
  for (const arch of Object.keys(MACHINES)) {
    const folder = join(dist, COMPONENT, `binary-${arch}`);
    mkdirSync(folder, { recursive: true });
    const list = packagesOf(repository, arch);
    writeFileSync(join(folder, 'Packages'), list);
    writeFileSync(join(folder, 'Packages.gz'), gzipSync(list));
  }
  const release = join(dist, 'Release');
  writeFileSync(release, releaseText(dist, suite, date));
  sign(key, release);
  const keyring = join(repository, KEYRING);
  gpg(['--output', keyring, '--export', key]);
}

/** The sources of apt that name the repository, in the form of Debian 13. */
export function sourcesText(url, suite) {
  return `Types: deb
URIs: ${url}
Suites: ${suite}
Components: ${COMPONENT}
Signed-By: /etc/apt/keyrings/${KEYRING}
`;
}

function packagesOf(repository, arch) {
  const { status, stdout, stderr, error } = spawnSync(
    'dpkg-scanpackages',
    ['--multiversion', '--arch', arch, POOL],
    { cwd: repository, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (error || status !== 0) throw new Error(`dpkg-scanpackages: ${error?.message ?? stderr}`);
  return stdout;
}

function releaseText(dist, suite, date) {
  const lists = readdirSync(dist, { recursive: true })
    .map(String)
    .filter((name) => /\/Packages(\.gz)?$/.test(name))
    .sort();
  const sums = lists.map((name) => {
    const bytes = readFileSync(join(dist, name));
    const sum = createHash('sha256').update(bytes).digest('hex');
    return ` ${sum} ${bytes.length} ${name}`;
  });
  return `Origin: Sentigon
Label: Sentigon
Suite: ${suite}
Codename: ${suite}
Date: ${date.toUTCString().replace('GMT', 'UTC')}
Architectures: ${Object.keys(MACHINES).join(' ')}
Components: ${COMPONENT}
Description: Sentigon, anomaly detection daemon
SHA256:
${sums.join('\n')}
`;
}

/** InRelease is what apt reads; Release.gpg is for older ones. Each appears whole. */
function sign(key, release) {
  const made = [
    ['--clearsign', release.replace(/Release$/, 'InRelease')],
    ['--detach-sign', `${release}.gpg`],
  ];
  for (const [how, path] of made) {
    const by = ['--digest-algo', 'SHA512', '--local-user', key];
    gpg([...by, '--output', `${path}.new`, how, release]);
    renameSync(`${path}.new`, path);
  }
}

function gpg(args) {
  execFileSync('gpg', ['--batch', '--yes', '--armor', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'], // what makes it fail stands in the error
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals, values } = commandLine({
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      suite: { type: 'string', default: 'stable' },
      url: { type: 'string' },
    },
  });
  const [folder, repository] = positionals;
  if (!folder || !repository)
    refuse('expected the folder of the packages and that of the repository');
  const key = values.key ?? refuse('--key is missing: the fingerprint of a key of gpg');
  const added = addPackages(folder, repository);
  writeLists(repository, { key, suite: values.suite, date: new Date() });
  if (values.url) {
    writeFileSync(join(repository, 'sentigon.sources'), sourcesText(values.url, values.suite));
  }
  console.log(`${repository}: ${added.length} packages added, signed by ${key}`);
}
