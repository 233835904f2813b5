/** Keeps uploaded files in memory, the newest up to a bound in bytes. */

export interface StoredFile {
  readonly id: string;
  readonly contentType: string;
  readonly filename: string;
  readonly bytes: Buffer;
}

export interface FileStore {
  readonly add: (file: StoredFile) => void;
  readonly get: (id: string) => StoredFile | undefined;
  readonly remove: (id: string) => void;
}

export function createFileStore(maxBytes: number): FileStore {
  const files = new Map<string, StoredFile>();
  let heldBytes = 0;

  function remove(id: string): void {
    heldBytes -= files.get(id)?.bytes.length ?? 0;
    files.delete(id);
  }

  return {
    add: (file) => {
      files.set(file.id, file);
      heldBytes += file.bytes.length;
      while (heldBytes > maxBytes && files.size > 1) remove(files.keys().next().value!);
    },
    get: (id) => files.get(id),
    remove,
  };
}
