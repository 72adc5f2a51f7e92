import { Notification } from 'electron';
import type { Notice } from './service/alerts/policy.ts';

/**
 * Shows desktop notifications and remembers them until they are gone: Electron drops the click of a notification that was collected
 * as garbage. `onOpen` is called with the notice that was clicked, `onFailed` when the system refused to show it.
 */
export function openNotifications(onOpen: (notice: Notice) => void, onFailed: (notice: Notice, reason: string) => void): { show(notice: Notice): void; close(): void } {
  const shown = new Set<Notification>();
  return {
    show(notice) {
      if (!Notification.isSupported()) {
        onFailed(notice, 'this desktop has no notification service');
        return;
      }
      const notification = new Notification({
        title: notice.title,
        body: notice.body,
        urgency: notice.severity === 'critical' ? 'critical' : 'normal',
        silent: notice.severity !== 'critical',
      });
      shown.add(notification);
      const forget = (): boolean => shown.delete(notification);
      notification.on('click', () => {
        forget();
        onOpen(notice);
      });
      notification.on('close', forget);
      notification.on('failed', (_event, reason) => {
        forget();
        onFailed(notice, reason || 'the notification service of this desktop did not answer');
      });
      notification.show();
    },
    close() {
      for (const notification of shown) notification.close();
      shown.clear();
    },
  };
}
