import { describe, expect, it } from 'vitest';
import {
  fieldsOf,
  inJson,
  oneLine,
  render,
  template,
} from '../../../../src/io/sinks/notification/template.ts';
import type { SinkContext } from '../../../../src/io/sinks/sink-plugin.ts';
import { alertOf } from '../../alerts.ts';

const context: SinkContext = { node: 'pi', version: '1', streams: [], log: () => undefined };

describe('templates (#21)', () => {
  it('have their fields replaced, and keep everything else', () => {
    const fields = fieldsOf(alertOf('a', 'closed'), 'closed', context);
    expect(
      render(
        '{{stream}}@{{ node }} {{severity}} {{notice}} {{channel}}={{value}} {{unit}} {x} $1',
        fields,
      ),
    ).toBe('motor@pi warning closed vibration=9.1 mm/s {x} $1');
    expect(render('{{duration}} {{score}} {{peak}} {{id}}', fields)).toBe('42 s 1.83 2.4 a');
    expect(render('{{time}}', fields)).toMatch(/^2026-11-2\d \d\d:\d\d:\d\d$/);
  });

  it('show the message of an alert, else a line of the daemon, else the least', () => {
    const alert = alertOf('a');
    const message = { ...alert, message: 'Disk writes 420 MB/s' };
    const sentence = () => 'in one line';
    expect(fieldsOf(message, 'opened', { ...context, sentence })['message']).toBe(message.message);
    expect(fieldsOf(alert, 'opened', { ...context, sentence })['message']).toBe('in one line');
    expect(fieldsOf(alert, 'worse', context)['message']).toBe('anomaly worse on motor');
  });

  it('do not replace what a value holds', () => {
    const fields = { ...fieldsOf(alertOf('a'), 'opened', context), message: '{{node}}' };
    expect(render('{{message}}', fields)).toBe('{{node}}');
  });

  it.each(['{{wrong}}', '{{message', 'message}}', '{{}}', '{{ message }} {{Node}}'])(
    'are refused with a field that is none: %s',
    (text) => {
      const message = template.safeParse(text).error?.issues[0]?.message;
      expect(message).toMatch(/^expected no other fields than \{\{message\}\}, /);
    },
  );

  it('keep a value within its line or its JSON', () => {
    const nasty = 'a"b\\\n\r\u2028Bcc: x@y';
    expect(oneLine(nasty, 100)).toBe('a"b\\ Bcc: x@y');
    expect(oneLine('abcdef', 4)).toBe('abc…');
    expect(JSON.parse(`{"text":"${inJson(nasty)}"}`)).toEqual({ text: nasty });
  });
});
