import { useChoicesOf } from "../choices.ts";

/**
 * What the address says besides the text: `of`, the encoder; `image`, one of its images; `calibration`, 1 where it is
 * shown.
 */
type Choice = "of" | "image" | "calibration";

export const useChoices = () => useChoicesOf<Choice>("words");
