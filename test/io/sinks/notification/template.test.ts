import { describe, expect, it } from 'vitest';
import {
  fieldsOf,
  inJson,
  oneLine,
  render,
  template,
} from '../../../../src/io/sinks/notification/template.ts';
import { alertSentence } from '../../../../src/io/text/alert-sentence.ts';
import { alertOf } from '../../alerts.ts';

describe('templates (#21)', () => {
  it('have their fields replaced, and keep everything else', () => {
    const fields = fieldsOf(alertOf('a', 'closed'), 'closed', 'pi');
    expect(
      render(
        '{{stream}}@{{ node }} {{severity}} {{notice}} {{channel}}={{value}} {{unit}} {x} $1',
        fields,
      ),
    ).toBe('motor@pi warning closed vibration=9.1 mm/s {x} $1');
    expect(render('{{duration}} {{score}} {{peak}} {{id}}', fields)).toBe('42 s 0.4 2.4 a');
    expect(render('{{time}}', fields)).toMatch(/^2026-11-2\d \d\d:\d\d:\d\d$/);
  });

  it('show the message of an alert, else the sentence that is made of it', () => {
    const message = 'Disk writes 420 MB/s';
    expect(fieldsOf({ ...alertOf('a'), message }, 'opened', 'pi')['message']).toBe(message);
    expect(fieldsOf(alertOf('a'), 'opened', 'pi')['message']).toBe(alertSentence(alertOf('a')));
  });

  it('do not replace what a value holds', () => {
    const fields = { ...fieldsOf(alertOf('a'), 'opened', 'pi'), message: '{{node}}' };
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
