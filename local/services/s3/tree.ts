// tree: the readable tree, one hard link for the latest version of every object. Only a view: S3 reads the blobs.

import { copyFileSync, linkSync, mkdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { foldedPath, hashedPath, readablePath } from "./path";

export interface Tree {
  /** Shows `blob` as `bucket/key`; returns the path below the directory. `taken` tells whether another key has a path. */
  show(bucket: string, key: string, blob: string, taken: (folded: string) => boolean): string;
  hide(path: string): void;
  /** Whether `path` still shows `blob`. */
  shows(path: string, blob: string): boolean;
}

export function tree(directory: string): Tree {
  const fresh = join(directory, ".store", "link");

  return {
    show(bucket, key, blob, taken) {
      const readable = readablePath(bucket, key);
      if (!taken(foldedPath(readable)) && place(blob, readable)) return readable;
      const hashed = hashedPath(bucket, key);
      if (place(blob, hashed)) return hashed;
      throw new Error(`Cannot show object "${bucket}/${key}" as a file: "${hashed}" is a directory`);
    },
    hide(path) {
      rmSync(join(directory, path), { force: true });
      removeEmpty(dirname(path));
    },
    shows(path, blob) {
      const [shown, stored] = [path, blob].map((each) =>
        statSync(each === path ? join(directory, path) : blob, { throwIfNoEntry: false }),
      );
      return shown !== undefined && stored !== undefined && shown.ino === stored.ino;
    },
  };

  /** False where a directory is in the way, or a file where a directory should be: keys `a` and `a/b`. */
  function place(blob: string, path: string): boolean {
    const target = join(directory, path);
    rmSync(fresh, { force: true });
    try {
      linkSync(blob, fresh);
    } catch {
      copyFileSync(blob, fresh); // a file system without hard links
    }
    try {
      try {
        renameSync(fresh, target);
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw error;
        mkdirSync(dirname(target), { recursive: true });
        renameSync(fresh, target);
      }
      return true;
    } catch (error) {
      if (!inTheWay.has(codeOf(error))) throw error;
      return false;
    }
  }

  function removeEmpty(folder: string) {
    for (let path = folder; relative("", path) !== "" && dirname(path) !== "."; path = dirname(path)) {
      try {
        rmdirSync(join(directory, path));
      } catch {
        return;
      }
    }
  }
}

const inTheWay = new Set(["EEXIST", "ENOTDIR", "EISDIR", "ENOTEMPTY", "ENAMETOOLONG", "EPERM"]);

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
