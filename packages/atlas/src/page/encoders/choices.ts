import { useChoicesOf } from "../choices.ts";

/** What of the page's address chooses something. */
type Choice = "measure" | "rows" | "images" | "first" | "second" | "operators" | "change";

export const useChoices = () => useChoicesOf<Choice>("encoders");
