export { type AtlasServer, serveAtlas } from "./server.ts";
