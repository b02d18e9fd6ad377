export type { EmbeddedBatch, Entry, Failure, PreparedBatch } from "./batch.ts";
export { type Embed, embedBatch } from "./embed.ts";
export { prepareBatches } from "./pool.ts";
export { prepareBatch } from "./prepare.ts";
export { stage } from "./stage.ts";
export { embeddingsTable, imagesTable } from "./tables.ts";
