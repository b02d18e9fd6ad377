export { cachedFile, repositoryFolder, type StoredFile, sha256Of } from "./cache.ts";
export { type FetchOptions, fetchFile, formatBytes, type Watcher } from "./fetch.ts";
export {
  HubError,
  type HubFile,
  repositoryPathSchema,
  repositorySchema,
  revisionSchema,
  sha256Schema,
} from "./file.ts";
export { type Listing, listFiles } from "./list.ts";
export { cachedListing, fetchListing } from "./listing.ts";
export { type HubSettings, hubSettings } from "./settings.ts";
