import { type Finding, fail, ok, warn } from '../finding.ts';

/** As package.json says under engines. */
const LEAST = [20, 19] as const;

/** `version` as in `process.version`; odd majors are never supported for long. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const least = LEAST.join('.');
  if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])) {
    return fail('Node', `${version}, ${least} is the oldest that works`, 'sudo apt install nodejs');
  }
  if (major % 2 === 1) {
    return warn('Node', `${version} gets no updates for long`, 'install an even major, e.g. 24');
  }
  return ok('Node', version);
}
