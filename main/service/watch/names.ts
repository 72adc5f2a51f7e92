/** What is never looked at, by name alone: folders of tools, checkpoint shards, media, archives, code, other programs' temporary files. */
const FOLDERS = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '__pycache__',
  '.venv',
  'venv',
  '.tox',
  '.cache',
  '.idea',
  '.vscode',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
  'site-packages',
]);

const ENDINGS = new Set(
  (
    'pt pth ckpt safetensors bin npy npz h5 hdf5 pkl pickle joblib onnx pb tflite msgpack gguf ggml mar orbax distcp index ' +
    'data-00000-of-00001 ' +
    'arrow parquet feather orc lmdb mdb tfrecord tfrecords rec idx ' +
    'tar gz tgz zip zst xz bz2 7z lz4 rar ' +
    'png jpg jpeg gif webp bmp tif tiff svg ico heic mp4 avi mov mkv webm wav mp3 flac ogg m4a ' +
    'py pyc pyi ipynb sh c cc cpp h hpp cu rs go java js ts html css md rst pdf tex so o a dll exe whl ' +
    'lock pid tmp temp part partial swp swo bak crdownload'
  ).split(' '),
);

/** Unmistakable logs: read even in a folder with thousands of other files. */
const UNMISTAKABLE = /tfevents|^slurm-.*\.out$|\.(wandb|swanlab)$/;

/** Folders of a root that lie deeper are not entered. */
export const DEEPEST = 8;

/** Whether a folder of this name is left out. */
export function skipsFolder(name: string): boolean {
  return FOLDERS.has(name);
}

/** Whether a file of this name is left out. Of code only `config.py` is kept: some trainers have their settings there (it is never run). */
export function skipsFile(name: string): boolean {
  if (name[0] === '.' || name.endsWith('~')) return true;
  const dot = name.lastIndexOf('.');
  // First what most of tens of thousands of names are told by.
  if (dot > 0 && ENDINGS.has(name.slice(dot + 1).toLowerCase())) return !name.includes('tfevents') && name !== 'config.py';
  return name.endsWith('-wal') || name.endsWith('-shm') || name.endsWith('-journal');
}

/** Whether a file of this name is surely a log. */
export function isUnmistakable(name: string): boolean {
  return UNMISTAKABLE.test(name);
}

/** Whether a root enters the folder of this path, which is relative to it. */
export function isEntered(path: string): boolean {
  const names = path.split('/');
  return names.length <= DEEPEST && !names.some(skipsFolder);
}

/** The path of what lies in a folder, both relative to the root. */
export function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The folder part of a relative path; '' for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/**
 * A name as text. Bytes that are no UTF-8 are written as \xHH, so that two different names stay different.
 * The path on disk is kept beside it as bytes.
 */
export function readableName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    let text = '';
    for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    return text;
  }
}
