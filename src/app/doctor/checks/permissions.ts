import { type Finding, fail, ok, warn } from '../finding.ts';

export interface Access {
  readonly exists: boolean;
  readonly readable: boolean;
  readonly writable: boolean;
  /** Everybody on this machine may read it. */
  readonly byAll: boolean;
}

export function checkState(folder: string, { exists, readable, writable }: Access): Finding {
  if (!exists) return ok('state folder', `${folder} will be made at the first start`);
  if (readable && writable) return ok('state folder', `${folder} is ours`);
  return fail(
    'state folder',
    `${folder} may not be ${readable ? 'written' : 'read'} by this user`,
    `use sudo if it is the service's, else: sudo chown -R "$USER" ${folder}`,
  );
}

export function checkSecrecy(file: string, holdsPassword: boolean, { byAll }: Access): Finding {
  if (!holdsPassword) return ok('secrets', `none stand in ${file}`);
  if (!byAll) return ok('secrets', `${file} holds a password and is not for everybody`);
  return warn(
    'secrets',
    `${file} holds a password and everybody here may read it`,
    'put it in /etc/credstore/sentigon.mqtt and set passwordFile: sentigon.mqtt',
  );
}

export interface Device {
  readonly path: string;
  /** The group whose members may use it. */
  readonly group: string;
  readonly access: Access;
}

/** Only devices that the configuration uses. */
export function checkDevices(devices: readonly Device[]): Finding[] {
  return devices.map(({ path, group, access }) => {
    if (!access.exists) {
      const mend = 'plug it in, or switch it on: sudo raspi-config, Interface Options';
      return fail('devices', `${path} is not there`, mend);
    }
    if (access.readable && access.writable) return ok('devices', `${path} is ours to use`);
    return fail('devices', `${path} may not be used by this user`, `sudo adduser "$USER" ${group}`);
  });
}
