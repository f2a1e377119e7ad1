// The units that come with the package, fitted to where things are on this machine.
import { readFileSync } from 'node:fs';

export interface Place {
  readonly node: string;
  /** The built main.js. */
  readonly main: string;
  /** undefined = the one that the unit names. */
  readonly config: string | undefined;
  /** Text of /etc/group: a unit that names a group which is not there does not start. */
  readonly groups: string;
}

/** `sentigon@.service` serves any number of named instances, `sentigon.service` one without a name. */
export type UnitFile = 'sentigon.service' | 'sentigon@.service';

/** The unit as it comes with the package. */
export function packagedUnit(file: UnitFile): string {
  return readFileSync(new URL(`../../../systemd/${file}`, import.meta.url), 'utf8');
}

export function unitText(template: string, place: Place): string {
  const { node, main, config, groups } = place;
  const run = `${quoted(node)} ${quoted(main)} run --config`;
  const known = (line: string): string => {
    const names = line.split(' ').filter((name) => new RegExp(`^${name}:`, 'm').test(groups));
    return names.length > 0 ? `SupplementaryGroups=${names.join(' ')}\n` : '';
  };
  const text = template
    .replace(/(?<=^ExecStart=).* run --config (.*)$/m, (_, own: string) =>
      [run, config === undefined ? own : quoted(config)].join(' '),
    )
    .replace(/^SupplementaryGroups=(.*)\n/m, (_, line: string) => known(line));
  // a Node of nvm lives in a home, which the service could not even see
  const atHome = [node, main, config ?? ''].some((path) => /^\/(home|root|run\/user)\//.test(path));
  return atHome ? text.replace(/^ProtectHome=.*$/m, 'ProtectHome=read-only') : text;
}

/** As systemd reads a word of a command line. */
function quoted(path: string): string {
  const escaped = path.replaceAll('%', '%%');
  return /[\s"'\\]/.test(path) ? `"${escaped.replaceAll(/["\\]/g, '\\$&')}"` : escaped;
}
