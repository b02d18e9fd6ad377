/** What the photo's pages need once there is a photo; a chunk of its own. */
export { codeOf } from "@optogram/dictionary";
export { loadDictionary, loadEmbed } from "./networks.ts";
