export { cachedFile, repositoryFolder, type StoredFile, sha256Of } from "./cache.ts";
export { listFiles, type RemoteFile } from "./describe.ts";
export { type FetchOptions, fetchFile, formatBytes, type Watcher } from "./fetch.ts";
export {
  HubError,
  type HubFile,
  repositoryPathSchema,
  repositorySchema,
  revisionSchema,
  sha256Schema,
} from "./file.ts";
export { type HubSettings, hubSettings } from "./settings.ts";
