import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { until } from './until.ts';

const run = promisify(execFile);
/** The system's Python: it is the one that Debian's python3-dbusmock belongs to. */
const PYTHON = '/usr/bin/python3';

export interface Notified {
  app: string;
  title: string;
  body: string;
  urgency: number | null;
}

export interface NotificationServer {
  /** Everything that was sent so far. */
  sent(): Promise<Notified[]>;
  /** What a click on the notification with this number (1 is the first) makes of a desktop. */
  click(number: number): Promise<void>;
  close(): void;
}

const LIST = `
import dbus, json
mock = dbus.SessionBus().get_object('org.freedesktop.Notifications', '/org/freedesktop/Notifications')
calls = mock.GetMethodCalls('Notify', dbus_interface='org.freedesktop.DBus.Mock')
print(json.dumps([{'app': str(a[0]), 'title': str(a[3]), 'body': str(a[4]), 'urgency': int(a[6]['urgency']) if 'urgency' in a[6] else None} for _, a in calls]))
`;

const CLICK = `
import dbus, sys
mock = dbus.SessionBus().get_object('org.freedesktop.Notifications', '/org/freedesktop/Notifications')
mock.EmitSignal('org.freedesktop.Notifications', 'ActionInvoked', 'us', [dbus.UInt32(int(sys.argv[1])), 'default'], dbus_interface='org.freedesktop.DBus.Mock')
`;

/** Starts a real notification server on the session bus that the tests run in. */
export async function startNotificationServer(): Promise<NotificationServer> {
  const options = ['-m', 'dbusmock', '--session', '--template', 'notification_daemon', '--parameters', '{"capabilities": "actions body"}'];
  const child: ChildProcess = spawn(PYTHON, options, { stdio: 'ignore' });
  const sent = async (): Promise<Notified[]> => JSON.parse((await run(PYTHON, ['-c', LIST])).stdout) as Notified[];
  await until(async () => {
    try {
      await sent();
      return true;
    } catch {
      return false;
    }
  }, 'the notification server answers');
  return {
    sent,
    click: async (number) => void (await run(PYTHON, ['-c', CLICK, String(number)])),
    close: () => child.kill(),
  };
}
