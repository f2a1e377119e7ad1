// The text files of the Debian package.

/** Node's own version range is that of its binary interface: the native part is built for one. */
export function controlText({ version, arch, installedKb }) {
  return `Package: sentigon
Version: ${version}
Architecture: ${arch}
Maintainer: The Sentigon authors <sentigon@localhost>
Installed-Size: ${installedKb}
Depends: nodejs (>= 20.19), nodejs (<< 21), systemd (>= 254) | systemd-standalone-sysusers
Recommends: gpiod
Suggests: mosquitto, mosquitto-clients
Section: misc
Priority: optional
Description: anomaly detection daemon for Raspberry Pi class devices
 Watches the live channels of this machine, of MQTT topics and of field buses,
 learns on the device what is normal, and says over MQTT when they stop being so.
`;
}

export const CONFFILES = '/etc/sentigon/config.yaml\n';

/** Groups that the unit names; a unit with an unknown group does not start. */
export const SYSUSERS = `#Type Name Id Description Home
u sentigon - "Sentigon" /var/lib/sentigon
g gpio - -
g i2c - -
g dialout - -
g video - -
`;

/** Raspberry Pi OS has the same rules; a plain Debian leaves the devices to root. */
export const UDEV_RULES = `SUBSYSTEM=="gpio", KERNEL=="gpiochip*", GROUP="gpio", MODE="0660"
SUBSYSTEM=="i2c-dev", GROUP="i2c", MODE="0660"
`;

/** Not sentigon-update.service: it would be ended by the very package that it installs. */
const DAEMONS = "sentigon.service 'sentigon@*.service'";

const RUNNING = '[ -d /run/systemd/system ]';

/** Maintainer scripts only enable, have the rules applied, and restart. */
export const SCRIPTS = {
  postinst: `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  systemd-sysusers sentigon.conf
  # the first time; later it is the owner's choice
  if [ -z "$2" ]; then systemctl enable sentigon.service; fi
  if ${RUNNING}; then
    systemctl daemon-reload
    if [ -S /run/udev/control ]; then
      udevadm control --reload
      udevadm trigger --settle --subsystem-match=gpio --subsystem-match=i2c-dev
    fi
    # a service that does not start is no broken package
    if [ -z "$2" ]; then systemctl start sentigon.service; else systemctl try-restart ${DAEMONS}; fi ||
      echo 'sentigon does not run: see journalctl -u sentigon' >&2
  fi
fi
`,
  prerm: `#!/bin/sh
set -e
if [ "$1" = remove ]; then
  if ${RUNNING}; then systemctl stop ${DAEMONS} sentigon-update.timer; fi
  systemctl disable sentigon.service sentigon-update.timer
fi
`,
  postrm: `#!/bin/sh
set -e
if ${RUNNING}; then systemctl daemon-reload; fi
if [ "$1" = purge ]; then
  rm -rf /var/lib/sentigon /var/lib/private/sentigon
  if [ -d /etc/sentigon ]; then rmdir --ignore-fail-on-non-empty /etc/sentigon; fi
fi
`,
};
