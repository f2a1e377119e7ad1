// Programs that speak like those of libgpiod 2 (formats checked against 2.2.1), for machines without a GPIO chip.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../../temp-folder.ts';

export interface FakeGpiod {
  readonly version?: string;
  /** Lines of gpiodetect. */
  readonly chips?: readonly string[];
  /** What gpioget prints, whatever it is asked for. */
  readonly levels?: string;
  /** JavaScript of gpiomon; has `edge(kind, offset, name)`, which stamps and prints. */
  readonly monitor?: string;
}

/** A folder with gpiodetect, gpioget and gpiomon; `<folder>/log` gets a line of arguments per call. */
export function fakeGpiod({
  version = 'gpiomon (libgpiod) v2.2.1',
  chips = ['gpiochip0 [pinctrl-rp1] (54 lines)', 'gpiochip10 [gpio-brcmstb@107d508500] (32 lines)'],
  levels = '0',
  monitor = '',
}: FakeGpiod = {}): string {
  const folder = tempFolder();
  const log = `require('fs').appendFileSync(${JSON.stringify(join(folder, 'log'))},
    [require('path').basename(__filename), ...process.argv.slice(2)].join(' ') + '\\n');`;
  const script = (name: string, body: string): void =>
    writeFileSync(join(folder, name), `#!/usr/bin/env node\n${log}\n${body}\n`, { mode: 0o755 });
  script('gpiodetect', `console.log(${JSON.stringify(chips.join('\n'))});`);
  script('gpioget', `console.log(${JSON.stringify(levels)});`);
  script(
    'gpiomon',
    `if (process.argv[2] === '--version') { console.log(${JSON.stringify(version)}); process.exit(); }
    const seconds = () => (Number(process.hrtime.bigint()) / 1e9).toFixed(9);
    const edge = (kind, offset, name) => console.log(kind + ' ' + seconds() + ' ' + offset + ' ' + name);
    ${monitor}`,
  );
  return folder;
}
