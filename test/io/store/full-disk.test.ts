// A history on a disk that is full when it is opened, and alerts that it cannot take.
import { describe, expect, it } from 'vitest';
import { alertOf } from '../alerts.ts';
import { importName, mayMount, runOnSmallDisk } from '../small-disk.ts';
import { open } from './open-store.ts';

describe('alerts that are not saved', () => {
  it('are told like those that are', () => {
    const { store } = open();
    const [first, second] = [alertOf('a'), alertOf('b')];
    store.addAlert(first, []);
    store.unsaved.push({ ...first, state: 'closed', timeMs: first.timeMs + 5 }, second);
    const { streamId, timeMs } = first;
    expect(store.openAlerts(streamId).map(({ id }) => id)).toEqual(['b']);
    expect(store.states('a').map(({ state }) => state)).toEqual([first.state, 'closed']);
    expect(store.alerts(streamId, timeMs, timeMs + 4).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(store.alerts('another', timeMs, timeMs + 4)).toEqual([]);
    store.close();
  });
});

describe('a history on a full disk', () => {
  it.skipIf(!mayMount)('is opened, is read, and takes alerts again once there is room', () => {
    const program = `
      const fs = await import('node:fs');
      const { openStore } = await import(${importName('src/io/store/sqlite-store.ts')});
      const { default: Sqlite } = await import(${importName('node_modules/better-sqlite3/lib/index.js')});
      const alert = () => (${JSON.stringify(alertOf('x'))});
      const about = (id) => ({ ...alert(), id });
      const others = () => { try { const db = new Sqlite('history.db', { readonly: true, timeout: 0 }); return db.pragma('user_version', { simple: true }) > 0; } catch (error) { return error.code; } };
      let store = openStore('history.db');
      store.addAlert(about('a'), []);
      store.close();
      try { for (;;) fs.appendFileSync('filler', Buffer.alloc(4096)); } catch {}
      let now = 0;
      store = openStore('history.db', {}, { monotonicMs: () => now });
      console.log(store.openAlerts(alert().streamId).map(({ id }) => id).join());
      try { store.addAlert(about('b'), []); console.log('saved'); } catch (error) { console.log(error.name, error.errorCode); }
      console.log(others());
      fs.rmSync('filler');
      store.addAlert(about('b'), []);
      now += 60_000;
      store.flush();
      console.log(store.openAlerts(alert().streamId).map(({ id }) => id).join(), others());
      store.close();`;
    expect(runOnSmallDisk(program, '400k').split('\n')).toEqual([
      'a',
      'StoreError SEN_STO_DISK_FULL',
      'SQLITE_BUSY',
      'a,b true',
      '',
    ]);
  });
});
