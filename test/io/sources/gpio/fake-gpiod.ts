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

/** `folder`, with gpiodetect, gpioget and gpiomon in it; `<folder>/log` gets a line of arguments per call. */
export function fakeGpiod(
  {
    version = 'gpiomon (libgpiod) v2.2.1',
    chips = [
      'gpiochip0 [pinctrl-rp1] (54 lines)',
      'gpiochip10 [gpio-brcmstb@107d508500] (32 lines)',
    ],
    levels = '0',
    monitor = '',
  }: FakeGpiod = {},
  folder = tempFolder(),
): string {
  const script = (name: string, body: string): void =>
    writeFileSync(
      join(folder, name),
      `#!/bin/sh\necho "\${0##*/} $*" >> '${folder}/log'\n${body}\n`,
      { mode: 0o755 },
    );
  const say = (text: string): string => `cat <<'END'\n${text}\nEND`;
  script('gpiodetect', say(chips.join('\n')));
  script('gpioget', say(levels));
  script(
    'gpiomon',
    `if [ "$1" = --version ]; then\n${say(version)}\nexit\nfi\nexec node '${folder}/monitor.cjs' "$@"`,
  );
  writeFileSync(
    join(folder, 'monitor.cjs'),
    `const seconds = () => (Number(process.hrtime.bigint()) / 1e9).toFixed(9);
    const edge = (kind, offset, name) => console.log(kind + ' ' + seconds() + ' ' + offset + ' ' + name);
    ${monitor}`,
  );
  return folder;
}
