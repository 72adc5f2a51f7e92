import { app } from 'electron';
import { join } from 'node:path';

/** A file that ships beside the app: in the package's resources, or at its place in the repository. */
export function resource(packaged: string, inRepository: string): string {
  return app.isPackaged ? join(process.resourcesPath, packaged) : join(app.getAppPath(), inRepository);
}
