import { describe, expect, it } from 'vitest';
import { createAcknowledgements } from '../../../src/app/decisions/acknowledgements.ts';
import { muted, outlasting } from '../../../src/app/decisions/decided.ts';
import { createQuiet } from '../../../src/app/decisions/quiet.ts';
import type { Alert } from '../../../src/core/alert.ts';
import { alertOf } from '../../io/alerts.ts';
import { open, START_MS } from '../../io/store/open-store.ts';

const MINUTE_MS = 60_000;

function quietOf(path?: string) {
  const opened = open(path);
  const quiet = createQuiet(opened.store.decisions, () => opened.clock.nowMs);
  return { ...opened, quiet };
}

describe('quiet', () => {
  it('holds for a silenced stream until the silence is over, and for no other', () => {
    const { quiet, clock } = quietOf();
    quiet.silence('motor', 30);
    expect(quiet.silencedUntilMs('motor')).toBe(START_MS + 30 * MINUTE_MS);
    expect(quiet.holds('motor', START_MS)).toBe(true);
    expect(quiet.holds('pump', START_MS)).toBe(false);
    clock.nowMs += 30 * MINUTE_MS;
    expect(quiet.silencedUntilMs('motor')).toBeNull();
    expect(quiet.holds('motor', clock.nowMs)).toBe(false);
  });

  it('survives a restart, and so does its end', () => {
    const first = quietOf();
    first.quiet.silence('motor', 30);
    first.quiet.silence('pump', 30);
    first.quiet.silence('pump', 0);
    first.quiet.addWindow({ id: 'now', begin: { atMs: START_MS }, minutes: 5, streamId: 'fan' });
    first.store.close();
    const { quiet } = quietOf(first.path);
    const held = ['motor', 'pump', 'fan'].map((id) => quiet.holds(id, START_MS));
    expect(held).toEqual([true, false, true]);
    expect(quiet.maintenance('fan')).toBe('now');
    expect(quiet.maintenance('motor')).toBeNull();
  });

  it('goes by the time of the data under maintenance, of one stream or of all', () => {
    const { quiet } = quietOf();
    const begin = { atMs: START_MS + 60 * MINUTE_MS };
    quiet.addWindow({ id: 'one', streamId: 'motor', begin, minutes: 10 });
    expect(quiet.holds('motor', START_MS)).toBe(false);
    expect(quiet.holds('motor', begin.atMs)).toBe(true);
    expect(quiet.holds('pump', begin.atMs)).toBe(false);
    quiet.addWindow({ id: 'all', begin, minutes: 1 });
    expect(quiet.holds('pump', begin.atMs)).toBe(true);
    expect(quiet.removeWindow('all')).toBe(true);
    expect(quiet.removeWindow('all')).toBe(false);
    expect(quiet.holds('pump', begin.atMs)).toBe(false);
  });

  it('forgets windows that will never open again', () => {
    const { quiet, clock, store } = quietOf();
    quiet.addWindow({ id: 'once', begin: { atMs: START_MS }, minutes: 1 });
    quiet.addWindow({ id: 'weekly', begin: { weekdays: ['mon'], time: '10:00' }, minutes: 1 });
    expect(quiet.windows().map(({ id }) => id)).toEqual(['once', 'weekly']);
    clock.nowMs += MINUTE_MS;
    expect(quiet.windows().map(({ id }) => id)).toEqual(['weekly']);
    expect(store.decisions.list('maintenance')).toHaveLength(1);
  });
});

describe('muting', () => {
  function scene() {
    const { store, clock } = open();
    const quiet = createQuiet(store.decisions, () => clock.nowMs);
    const acknowledgements = createAcknowledgements(store.decisions, () => clock.nowMs);
    const likeness = { markOf: () => undefined };
    const parts = { quiet, acknowledgements, likeness, states: store.states.bind(store) };
    const save = (alert: Alert): string => {
      const kept = muted(alert, parts);
      store.addAlert(kept, []);
      return kept.silenced ? 'kept' : kept.state;
    };
    const outlived = () => outlasting(store.openAlerts('motor'), parts);
    return { quiet, acknowledgements, save, outlived };
  }

  it('sends everything while nobody wants it otherwise', () => {
    const { save, outlived } = scene();
    const sent = (['opened', 'updated', 'closed'] as const).map((state) =>
      save(alertOf('a', state)),
    );
    expect(sent).toEqual(['opened', 'updated', 'closed']);
    expect(outlived()).toEqual([]);
  });

  it('keeps back an alert whose whole life is in a silence', () => {
    const { save, quiet } = scene();
    quiet.silence('motor', 30);
    expect(save(alertOf('a'))).toBe('kept');
    expect(save(alertOf('a', 'updated'))).toBe('kept');
    quiet.silence('motor', 0);
    expect(save(alertOf('a', 'closed'))).toBe('kept');
  });

  it('sends the end of an alert whose opening was sent, also in a silence', () => {
    const { save, quiet } = scene();
    save(alertOf('a'));
    quiet.silence('motor', 30);
    expect(save(alertOf('a', 'updated'))).toBe('kept');
    expect(save(alertOf('a', 'closed'))).toBe('closed');
  });

  it('sends an alert that outlasts the silence, as opened and once', () => {
    const { save, quiet, outlived } = scene();
    quiet.silence('motor', 30);
    save(alertOf('a'));
    quiet.silence('motor', 0);
    const [alert] = outlived();
    expect(alert).toEqual(alertOf('a'));
    expect(save(alert ?? alertOf('none'))).toBe('opened');
    expect(outlived()).toEqual([]);
    expect(save(alertOf('a', 'updated'))).toBe('updated');
    expect(save(alertOf('a', 'closed'))).toBe('closed');
  });

  it('sends it with its next state when that comes first', () => {
    const { save, quiet, outlived } = scene();
    quiet.silence('motor', 30);
    save(alertOf('a'));
    quiet.silence('motor', 0);
    expect(save(alertOf('a', 'updated'))).toBe('opened');
    expect(outlived()).toEqual([]);
  });

  it('sends an acknowledged alert again when it is more severe, and when it ends', () => {
    const { save, acknowledgements } = scene();
    save(alertOf('a'));
    acknowledgements.add(alertOf('a'));
    expect(acknowledgements.of('motor')).toEqual(['a']);
    expect(acknowledgements.of('pump')).toEqual([]);
    expect(save(alertOf('a', 'updated'))).toBe('kept');
    expect(save(alertOf('a', 'updated', { severity: 'critical' }))).toBe('updated');
    expect(save(alertOf('a', 'closed'))).toBe('closed');
    expect(save(alertOf('b'))).toBe('opened');
  });

  it('sends the end of an alert whose beginning could not be saved', () => {
    const { save } = scene();
    expect(save(alertOf('unsaved', 'closed'))).toBe('closed');
  });
});
