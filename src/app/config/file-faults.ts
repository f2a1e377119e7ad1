// Files that a configuration names and that cannot be used: found before the daemon has started anything.
import { ConfigError } from '../../core/errors.ts';
import { readSecret } from '../../io/files/secret-file.ts';
import { requireReadable, whyUnread } from '../../io/files/whole-file.ts';
import { MOST_MODEL_BYTES } from '../models/model-folder.ts';
import type { ConfigDocument, Fault, Path } from './document.ts';
import type { Environment } from './environment.ts';
import { publicKeyFrom } from './public-key.ts';
import type { ConfigFile } from './schema.ts';
import { secretFiles, secretPath } from './secret-files.ts';
import { LEAST_CHARACTERS } from './web-options.ts';

/** Names of files are not quoted: a password is easily written where its file should be named. */
export function fileFaults(
  config: ConfigFile,
  document: ConfigDocument,
  environment: Environment,
): Fault[] {
  const expectedSecret = secretIn(environment);
  const checks: Check[] = config.streams.flatMap(({ model }, index) =>
    model === undefined
      ? []
      : {
          path: ['streams', index, 'model'],
          look: () => requireReadable(model, MOST_MODEL_BYTES),
          expected: "a model from 'sentigon train'; leave the key out to learn from the source",
        },
  );
  for (const { path, file } of secretFiles(config)) {
    const look = () => requireLong(readSecret(secretPath(file, environment)), path);
    checks.push({ path, look, expected: expectedSecret });
  }
  const faults = checks.flatMap((check) => faultOf(check, document));
  return [...faults, ...keyFaults(config, document)];
}

interface Check {
  readonly path: Path;
  readonly expected: string;
  /** Throws what `whyUnread` understands. */
  look(): void;
}

function faultOf({ path, look, expected }: Check, document: ConfigDocument): Fault[] {
  try {
    look();
    return [];
  } catch (cause) {
    return [document.at(path, `names a file that ${whyUnread(cause)}, expected ${expected}`)];
  }
}

/** The page does not start with a short password. */
function requireLong(secret: string, path: Path): void {
  if (path[0] !== 'web' || secret.length >= LEAST_CHARACTERS) return;
  throw new Error(`holds fewer than ${LEAST_CHARACTERS} characters`);
}

function keyFaults({ update }: ConfigFile, document: ConfigDocument): Fault[] {
  try {
    if (update.publicKey !== undefined) publicKeyFrom(update.publicKey);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [document.at(['update', 'publicKey'], error.message)];
  }
}

function secretIn({ credentials, credentialStores }: Environment): string {
  const [store = ''] = credentialStores;
  return credentials === undefined
    ? `a path, or a credential in ${store}, where only root looks`
    : `a file in ${credentials} or a path`;
}
